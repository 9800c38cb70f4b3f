// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.handset

import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Effect
import org.intercomd.phone.call.Phase
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.push.PushRefusal
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** A handset that is pushed while its station is away, or beside the link. */
class PushedTest {
    private val phone = PushedPhone()

    private fun story() = phone.handset.calls.story.single().ending

    @Test
    fun `a push rings with no link, and asks for one at once`() {
        assertNull(phone.push(phone.ring(7)))
        assertTrue(phone.rings)
        assertEquals(1, phone.dialled)
        assertEquals(Link.Word.Connecting, phone.handset.link.word)
        assertEquals(listOf<Effect>(Effect.WantSession(CallId(7))), phone.effects)
        phone.open()
        assertEquals(listOf("ringing"), phone.heard.filter { it == "ringing" })
    }

    @Test
    fun `it rings for as long as the station says, and not past its time`() {
        phone.push(phone.ring(7, lasts = 20.seconds, left = 45.seconds))
        phone.pass(20.seconds - 1.milliseconds)
        assertTrue(phone.rings)
        phone.pass(1.milliseconds)
        assertEquals(Status.Missed, story().status)
        phone.push(phone.ring(8, lasts = 45.seconds, left = 20.seconds))
        phone.pass(20.seconds - 1.milliseconds)
        assertTrue(phone.rings)
        phone.pass(1.milliseconds)
        assertNull(phone.handset.calls.call)
    }

    @Test
    fun `nothing rings for more than ten minutes, whatever the station says`() {
        phone.push(phone.ring(7, lasts = 5.hours))
        phone.pass(10.minutes - 1.milliseconds)
        assertTrue(phone.rings)
        phone.pass(1.milliseconds)
        assertFalse(phone.rings)
    }

    @Test
    fun `nor does what it says by the link`() {
        phone.start()
        phone.standing(7, lasts = 5.hours)
        phone.open()
        val ringing = phone.handset.calls.call?.phase as Phase.Ringing
        assertEquals(phone.now + 10.minutes, ringing.until)
        phone.standing(7)
        phone.link("ring", phone.ringBody(7, lasts = 5.hours))
        phone.pass(10.minutes - 1.milliseconds)
        assertTrue(phone.rings)
        phone.pass(1.milliseconds)
        assertFalse(phone.rings)
    }

    @Test
    fun `a push that comes late does not ring, but connects`() {
        val late = phone.ring(7, left = 45.seconds)
        phone.wallPasses(45.seconds)
        assertEquals(PushRefusal.Late, phone.push(late))
        assertNull(phone.handset.calls.call)
        assertEquals(1, phone.dialled)
        assertEquals(PushRefusal.Stale, phone.push(late))
    }

    @Test
    fun `a phone whose clock is wrong rings when it hears of it by the link`() {
        val ring = phone.ring(7)
        phone.wallPasses(1.hours)
        assertEquals(PushRefusal.Late, phone.push(ring))
        phone.standing(7)
        phone.open()
        phone.link("ring", phone.ringBody(7))
        assertTrue(phone.rings)
    }

    @Test
    fun `a ring that is there already is a repetition`() {
        val ring = phone.ring(7)
        phone.push(ring)
        phone.pass(10.seconds)
        val until = (phone.handset.calls.call?.phase as Phase.Ringing).until
        assertNull(phone.push(ring))
        assertEquals(until, (phone.handset.calls.call?.phase as Phase.Ringing).until)
        assertEquals(1, phone.effects.size)
    }

    @Test
    fun `a ring that was heard of by the link is not rung again by a push`() {
        phone.start()
        phone.open()
        phone.link("ring", phone.ringBody(7))
        assertNull(phone.push(phone.ring(7)))
        phone.link("ended", phone.endBody(7, "elsewhere"))
        assertEquals(PushRefusal.Stale, phone.push(phone.ring(7)))
        assertEquals(PushRefusal.Stale, phone.push(phone.ring(6)))
        assertNull(phone.handset.calls.call)
    }

    @Test
    fun `what was rung before a restart is not rung again`() {
        val ring = phone.ring(7)
        phone.push(ring)
        val restarted = PushedPhone(phone.keys, phone.handset.newestCall)
        assertEquals(PushRefusal.Stale, restarted.push(ring))
        assertNull(restarted.handset.calls.call)
        assertNull(restarted.push(restarted.ring(8)))
    }

    @Test
    fun `a station that counts anew is heard by the link while it rings, and not later`() {
        val phone = PushedPhone(phone.keys, newestCall = CallId(500))
        val ring = phone.ring(3)
        assertEquals(PushRefusal.Stale, phone.push(ring))
        assertNull(phone.handset.calls.call)
        phone.standing(3)
        phone.open()
        phone.link("ring", phone.ringBody(3))
        assertTrue(phone.rings)
        val later = PushedPhone(phone.keys, newestCall = CallId(500))
        later.wallPasses(45.seconds)
        assertEquals(PushRefusal.Stale, later.push(ring))
        assertEquals(0, later.dialled)
    }

    @Test
    fun `a pushed end stops the ring, and is told as what it was`() {
        phone.push(phone.ring(7))
        assertNull(phone.push(phone.end(7, "elsewhere")))
        assertNull(phone.handset.calls.call)
        assertEquals(Reason.Elsewhere to false, story().reason to story().isGuess)
        assertEquals(Effect.Leave, phone.effects.last())
    }

    @Test
    fun `an end that comes before its ring is the end all the same`() {
        val (ring, end) = phone.ring(7) to phone.end(7, "cancelled")
        assertNull(phone.push(end))
        assertEquals(PushRefusal.Stale, phone.push(ring))
        assertNull(phone.handset.calls.call)
    }

    @Test
    fun `an end of another call ends nothing`() {
        phone.push(phone.ring(8))
        phone.push(phone.end(7, "cancelled"))
        assertTrue(phone.rings)
    }

    @Test
    fun `a push that nobody signed changes nothing, and is told`() {
        val ring = phone.ring(7)
        ring[ring.size - 1] = (ring.last().toInt() xor 1).toByte()
        assertEquals(PushRefusal.BadEncryption, phone.push(ring))
        assertNull(phone.handset.calls.call)
        assertNull(phone.handset.newestCall)
        assertEquals(0, phone.dialled)
    }

    @Test
    fun `an answer that was given with no link is said when there is one`() {
        phone.push(phone.ring(7))
        phone.press(Button.Answer)
        phone.pass(3.seconds)
        phone.standing(7)
        phone.open()
        assertTrue("accept" in phone.heard)
        assertTrue(phone.handset.calls.call?.phase is Phase.Answering)
    }

    @Test
    fun `a ring that was declined with no link does not come back with it`() {
        phone.push(phone.ring(7))
        phone.press(Button.Decline)
        phone.pass(11.seconds)
        assertEquals(Status.Rejected, story().status)
        phone.standing(7)
        phone.open()
        phone.link("ring", phone.ringBody(7))
        assertNull(phone.handset.calls.call)
        assertTrue("reject" in phone.heard)
    }
}
