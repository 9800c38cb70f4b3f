// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.intercomd.phone.link.message.Candidate
import org.webrtc.IceCandidate

/** Whether a station would take it: UDP, component 1, an address that is no name. */
internal fun isUseful(candidate: Candidate): Boolean {
    val words = candidate.line.removePrefix("candidate:").split(' ')
    if (words.size <= ADDRESS) return candidate.line.isEmpty()
    val isUdp = words[TRANSPORT].equals("udp", ignoreCase = true)
    val isName = words[ADDRESS].endsWith(".local", ignoreCase = true)
    return words[COMPONENT] == "1" && isUdp && !isName
}

/** For WebRTC, which goes by the m-line where the name is empty; null would end the process. */
internal fun iceCandidate(mline: Long, candidate: Candidate) =
    IceCandidate("", mline.toInt(), candidate.line)

private const val COMPONENT = 1
private const val TRANSPORT = 2
private const val ADDRESS = 4
