// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.junit.Assert.assertEquals
import org.junit.Test

class SharedMicrophoneTest {
    private val opened = ArrayList<Boolean>()
    private var isAllowed = true
    private val microphone = SharedMicrophone(opened::add) { isAllowed }

    @Test
    fun `it is open for as long as anybody wants it`() {
        microphone.want("kitchen", true)
        microphone.want("gate", true)
        microphone.want("kitchen", false)
        microphone.want("gate", false)
        assertEquals(listOf(true, true, true, false), opened)
    }

    @Test
    fun `one that was refused is tried again while it is wanted`() {
        microphone.tryAgain()
        microphone.want("kitchen", true)
        microphone.tryAgain()
        microphone.want("kitchen", false)
        microphone.tryAgain()
        assertEquals(listOf(true, true, false), opened)
    }

    @Test
    fun `one that the person does not allow stays shut until it is tried again`() {
        isAllowed = false
        microphone.want("kitchen", true)
        microphone.tryAgain()
        isAllowed = true
        microphone.tryAgain()
        assertEquals(listOf(false, false, true), opened)
    }
}
