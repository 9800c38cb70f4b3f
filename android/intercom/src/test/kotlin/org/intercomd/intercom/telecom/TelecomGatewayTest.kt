// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

import org.intercomd.intercom.call.Station
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

class TelecomGatewayTest {
    private val done = mutableListOf<String>()
    private var isThere = true
    private var atRegistration: RuntimeException? = null
    private var atCalls: RuntimeException? = null

    private val gateway =
        TelecomGateway(
            object : TelecomSystem {
                override val isThere: Boolean
                    get() = this@TelecomGatewayTest.isThere

                override fun register() = act("register", atRegistration)

                override fun addIncoming(call: Announcement) = act("incoming", atCalls)

                override fun placeOutgoing(call: Announcement) = act("outgoing", atCalls)
            },
        )

    @Test
    fun `it registers and announces`() {
        assertTrue(gateway.announce(INCOMING))
        assertTrue(gateway.announce(OUTGOING))
        assertEquals(listOf("register", "incoming", "outgoing"), done)
    }

    @Test
    fun `a device without Telecom is not asked for anything`() {
        isThere = false
        assertFalse(gateway.register())
        assertFalse(gateway.announce(INCOMING))
        assertEquals(emptyList<String>(), done)
    }

    @Test
    fun `whatever Telecom is known to throw means no`() {
        for (failure in KNOWN) {
            atCalls = failure
            assertFalse("$failure", gateway.announce(INCOMING))
            assertFalse("$failure", gateway.announce(OUTGOING))
            assertEquals(failure, gateway.failure)
        }
        atCalls = null
        assertTrue(gateway.announce(INCOMING))
        assertEquals(null, gateway.failure)
    }

    @Test
    fun `one that could not register tries again with the next call`() {
        for (failure in KNOWN) {
            atRegistration = failure
            assertFalse("$failure", gateway.announce(INCOMING))
        }
        assertFalse("incoming" in done)
        atRegistration = null
        assertTrue(gateway.announce(INCOMING))
    }

    @Test
    fun `what it is not known to throw is a mistake of this app`() {
        atCalls = IndexOutOfBoundsException()
        assertThrows(IndexOutOfBoundsException::class.java) { gateway.announce(INCOMING) }
    }

    private fun act(what: String, failure: RuntimeException?) {
        if (failure != null) throw failure
        done += what
    }

    private companion object {
        val INCOMING =
            Announcement(Station("abc", "Front door"), 1, isIncoming = true, isVideo = true)
        val OUTGOING = INCOMING.copy(isIncoming = false)
        val KNOWN =
            listOf(
                SecurityException(),
                IllegalArgumentException(),
                IllegalStateException(),
                UnsupportedOperationException(),
            )
    }
}
