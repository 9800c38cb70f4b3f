// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.push

import org.intercomd.phone.call.Button
import org.intercomd.phone.e2e.Phone
import org.intercomd.phone.e2e.find
import org.intercomd.phone.e2e.until
import org.intercomd.phone.link.Link
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import java.net.URI

/** A station wakes phones that sleep, through a real push server. */
class WakingTest {
    @Test
    fun `a phone rings by a push alone, and takes the call by its link`() =
        asleep { wakesAndTalks(sleeper("Kitchen")) }

    @Test
    fun `the same by https`() = asleep {
        wakesAndTalks(sleeper("Kitchen") { server.byHttps(it) })
    }

    private fun SleepingHouse.wakesAndTalks(phone: Phone) {
        panel.press("bell")
        val cid = phone.rings()
        assertEquals(listOf(null), phone.refused(1))
        assertNotEquals(Link.Word.Connected, phone.state.link.word)

        phone.awake()
        phone.press(Button.Answer)
        house.talk(phone)
        phone.press(Button.HangUp)
        assertEquals(Status.Ended, phone.toldEnd(cid).status)
        assertEquals(Reason.Ended, panel.awaitCall(Status.Ended).reason)
    }

    @Test
    fun `a visitor who goes is silence on a phone that sleeps`() = asleep {
        val phone = sleeper("Kitchen")
        panel.press("bell")
        val cid = phone.rings()
        panel.press("end")
        val ending = phone.toldEnd(cid)
        assertEquals(Status.Missed to Reason.Cancelled, ending.status to ending.reason)
        assertEquals(listOf(null, null), phone.refused(2))
    }

    @Test
    fun `a phone that sleeps learns who answered`() = asleep {
        val study = sleeper("Study")
        val kitchen = house.phone("Kitchen")
        panel.press("bell")
        kitchen.rings()
        val cid = study.rings()
        kitchen.press(Button.Answer)
        val ending = study.toldEnd(cid)
        assertEquals(Status.Elsewhere to "Kitchen", ending.status to ending.answeredBy)
        house.talk(kitchen)
    }

    @Test
    fun `a push that comes too late rings no more, but connects`() = asleep(ringsFor = 3) {
        val phone = sleeper("Kitchen")
        distributor.holdsBack = true
        panel.press("bell")
        until("the push is held back") { distributor.heldBack > 0 }
        panel.awaitCall(Status.Unanswered)
        val over = System.currentTimeMillis() + ROUNDED_BY_MS
        until("the second in which it ended is over") { System.currentTimeMillis() > over }
        distributor.passOn()
        assertEquals("late", phone.refused(1).first())
        assertNull(phone.call)
        phone.networkChanged(true)
        phone.connected()
        assertEquals(emptyList<Any>(), phone.state.calls.story)
    }

    @Test
    fun `an end that overtakes its ring leaves it silent`() = asleep {
        val phone = sleeper("Kitchen")
        distributor.holdsBack = true
        panel.press("bell")
        until("the ring is held back") { distributor.heldBack == 1 }
        panel.press("end")
        until("the end is held back") { distributor.heldBack == 2 }
        distributor.passOn(newestFirst = true)
        assertEquals(listOf(null, "stale"), phone.refused(2))
        assertNull(phone.call)
    }

    @Test
    fun `what a phone that is away does not take is sent until it does`() = asleep {
        val phone = sleeper("Kitchen")
        distributor.isAway = true
        panel.press("bell")
        until("it was tried more than once") { distributor.refused > 1 }
        distributor.isAway = false
        phone.rings()
    }

    @Test
    fun `an endpoint that is gone is not tried again until there is another`() = asleep {
        val phone = sleeper("Kitchen")
        server.forget()
        val calls = mutableSetOf<Long>()
        repeat(2) {
            panel.press("bell")
            val call =
                find("nobody can be reached") {
                    panel.call?.takeIf { it.reason != null && calls.add(it.id) }
                }
            assertEquals(Reason.Unreachable, call.reason)
        }
        assertEquals(1, server.notFound)

        phone.awake()
        phone.registerPushes(distributor.register("Kitchen", phone::pushed))
        phone.sleep()
        panel.press("bell")
        phone.rings()
    }

    @Test
    fun `a station that was restarted still knows whom to wake`() = asleep {
        val phone = sleeper("Kitchen")
        house.station.kill()
        house.station.run()
        panel.press("bell")
        phone.rings()
    }

    private companion object {
        /** Pushes count in seconds. */
        const val ROUNDED_BY_MS = 1000

        fun PushServer.byHttps(endpoint: URI): URI =
            URI("$httpsUrl/${endpoint.path.substringAfterLast('/')}")
    }
}
