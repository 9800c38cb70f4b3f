// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

import org.junit.Assert.assertEquals
import org.junit.Test

class EndOnceTest {
    @Test
    fun `it is told why, then destroyed, and only once`() {
        val done = mutableListOf<String>()
        val ending = EndOnce({ done += it.name }, { done += "destroyed" })
        ending.end(Cause.Missed)
        ending.end(Cause.Local)
        assertEquals(listOf("Missed", "destroyed"), done)
    }
}
