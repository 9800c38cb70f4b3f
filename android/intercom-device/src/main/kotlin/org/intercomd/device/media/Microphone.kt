// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

/** That of the phone: open, it can be heard by whoever has a session that passes sound. */
fun interface Microphone {
    fun open(isOpen: Boolean)
}

/**
 * Open for as long as anybody wants it and the person allows it: where it cannot be opened when a
 * session begins, WebRTC sends nothing, not even silence.
 */
class SharedMicrophone(private val microphone: Microphone, private val isAllowed: () -> Boolean) {
    private val wanting = HashSet<Any>()

    fun want(whoever: Any, wants: Boolean) {
        val isNews = if (wants) wanting.add(whoever) else wanting.remove(whoever)
        if (isNews) open()
    }

    /** It may have been refused before, which the person can have changed by now. */
    fun tryAgain() {
        if (wanting.isNotEmpty()) open()
    }

    private fun open() = microphone.open(wanting.isNotEmpty() && isAllowed())
}
