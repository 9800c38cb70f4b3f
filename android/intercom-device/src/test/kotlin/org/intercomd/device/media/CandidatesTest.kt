// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.intercomd.phone.link.message.Candidate
import org.junit.Assert.assertEquals
import org.junit.Test

class CandidatesTest {
    @Test
    fun `a candidate is of an m-line, and nothing of it is null, which WebRTC does not survive`() {
        val line = "candidate:1 1 udp 2130706431 192.0.2.7 40000 typ host"
        val given = iceCandidate(1, Candidate(line))
        assertEquals(listOf("", line), listOf(given.sdpMid, given.sdp))
        assertEquals(1, given.sdpMLineIndex)
    }
}
