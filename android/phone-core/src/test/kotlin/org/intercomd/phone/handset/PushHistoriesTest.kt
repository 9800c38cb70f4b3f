// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.handset

import org.intercomd.phone.call.Button
import org.intercomd.phone.histories
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.push.PushKeys
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.random.Random
import kotlin.time.Duration.Companion.seconds

/**
 * Calls that a station makes, while pushes come late, twice, in any order or never, and links come
 * and go. A history that fails is told by its seed.
 */
class PushHistoriesTest {
    @Test
    fun `a call rings once, in its time, and not after its end`() {
        var rung = 0
        histories(HISTORIES) { random, lines -> rung += PushHistory(random, lines).play() }
        // Otherwise it would hold for a phone that never rings.
        assertTrue(rung > HISTORIES / 2, "$rung calls rang")
    }

    private companion object {
        const val HISTORIES = 40L
    }
}

private class PushHistory(private val random: Random, private val lines: MutableList<String>) {
    /** Seconds; a station rings for [LASTS] if nothing else ends it. */
    private class Rung(val number: Long, val from: Int, val to: Int) {
        val cid = CallId(number)
        val until = from + LASTS
    }

    private class Event(val at: Int, val what: String, val act: () -> Unit)

    private val phone = PushedPhone(KEYS)
    private val rung = calls()
    private val overs = mutableSetOf<CallId>()
    private var second = 0

    /** How many calls rang. */
    fun play(): Int {
        if (random.nextBoolean()) phone.start()
        for (event in events().sortedBy { it.at }) {
            pass(event.at)
            event.act()
            lines += "${event.at} ${event.what}: ${phone.handset.calls.call}"
            check()
        }
        return phone.began.size
    }

    private fun pass(to: Int) {
        while (second < to) {
            phone.pass(1.seconds)
            second += 1
            check()
        }
    }

    private fun check() {
        assertEquals(phone.began.distinct(), phone.began, "rang twice")
        val ringing = phone.ringing ?: return
        assertTrue(ringing !in overs, "rings after the end")
        assertTrue(second < rung.first { it.cid == ringing }.until, "rings past its time")
    }

    private fun calls(): List<Rung> {
        var second = random.nextInt(5)
        return (1L..random.nextLong(1, 4)).map { number ->
            val call = Rung(number, second, second + random.nextInt(1, LASTS + 1))
            second = call.to + random.nextInt(1, 60)
            call
        }
    }

    private fun events(): List<Event> {
        val end = rung.last().to + 120
        val links = List(random.nextInt(12)) { Event(random.nextInt(end), "link", ::open) }
        val losses = List(random.nextInt(4)) {
            Event(random.nextInt(end), "lost") { phone.isReached = false }
        }
        val presses = List(random.nextInt(3)) {
            Event(random.nextInt(end), "declined") { phone.press(Button.Decline) }
        }
        return rung.flatMap { changes(it) + pushes(it) } + links + losses + presses
    }

    /** What the station says over the link, if there is one. */
    private fun changes(call: Rung) = listOf(
        Event(call.from, "ring ${call.cid}") {
            phone.standing(call.number)
            if (isLinked) phone.link("ring", phone.ringBody(call.number, LASTS.seconds))
        },
        Event(call.to, "end ${call.cid}") {
            phone.standing(null)
            if (isLinked) endByLink(call)
        },
    )

    private fun pushes(call: Rung): List<Event> {
        val left = call.until - second
        val ring = phone.ring(call.number, LASTS.seconds, left.seconds)
        val end = phone.end(call.number, "cancelled")
        val rings = List(random.nextInt(4)) {
            Event(call.from + late(), "push ring ${call.cid}") { phone.push(ring) }
        }
        val ends = List(random.nextInt(3)) {
            Event(call.to + late(), "push end ${call.cid}") {
                phone.push(end)
                overs += call.cid
            }
        }
        return rings + ends
    }

    private fun late() = if (random.nextBoolean()) random.nextInt(3) else random.nextInt(100)

    private val isLinked: Boolean
        get() = phone.isReached && phone.handset.link.word == Link.Word.Connected

    private fun open() {
        if (phone.handset.link.word == Link.Word.Connected) return
        phone.open()
        if (!isLinked) return
        val last = rung.lastOrNull { it.from <= second } ?: return
        if (second < last.to) {
            val left = (last.until - second).seconds
            phone.link("ring", phone.ringBody(last.number, left))
        } else if (second < last.to + 60) {
            endByLink(last)
        }
    }

    private fun endByLink(call: Rung) {
        phone.link("ended", phone.endBody(call.number, "cancelled"))
        overs += call.cid
    }

    private companion object {
        const val LASTS = 45

        /** Made once: that takes longer than a history. */
        val KEYS = PushKeys.generate(Entropy.secure())
    }
}
