// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.time.Moment
import org.intercomd.phone.time.earliest
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * One context between two nonces: numbers what is sent, repeats it until it is acknowledged, and
 * knows what was received already.
 */
class Context(val sx: String) {
    private var lastSent = 0L
    private val unacknowledged = ArrayDeque<Unacknowledged>()
    private var complete = 0L
    private val early = HashSet<Long>()
    private var acknowledgeBy: Moment? = null

    private class Unacknowledged(val seq: Long, val frame: String, val since: Moment) {
        var repeats = 0
        var next = since + REPEATS_AFTER[0]
    }

    data class Numbers(val sx: String, val seq: Long, val ack: Long)

    enum class Freshness { New, Seen, Stale }

    /** Of the next message. An `ack` has no number of its own. */
    fun numbers(t: String): Numbers {
        acknowledgeBy = null
        if (t != ACK) lastSent += 1
        return Numbers(sx, if (t == ACK) 0 else lastSent, complete)
    }

    fun sent(seq: Long, frame: String, now: Moment) {
        if (seq > 0) unacknowledged += Unacknowledged(seq, frame, now)
    }

    fun acknowledged(ack: Long) {
        unacknowledged.removeAll { it.seq <= ack }
    }

    fun received(message: Payload, now: Moment): Freshness {
        val (seq, isAck) = message.seq to (message.t == ACK)
        if (message.sx != sx) return Freshness.Stale
        if (seq == 0L) return if (isAck) Freshness.New else Freshness.Stale
        if (isAck || seq > complete + WINDOW) return Freshness.Stale
        acknowledgeBy = acknowledgeBy ?: (now + ACKNOWLEDGES_WITHIN)
        if (seq <= complete || !early.add(seq)) return Freshness.Seen
        while (early.remove(complete + 1)) complete += 1
        return Freshness.New
    }

    fun owesAcknowledgement(now: Moment): Boolean = acknowledgeBy?.let { it <= now } == true

    /** Byte for byte as they were sent. */
    fun repeats(now: Moment): List<String> = unacknowledged.filter { it.next <= now }.map {
        it.repeats += 1
        it.next = now + (REPEATS_AFTER.getOrNull(it.repeats) ?: REPEATS_AFTER.last())
        it.frame
    }

    fun isGivenUp(now: Moment): Boolean = unacknowledged.any { it.since + GIVEN_UP_AFTER <= now }

    /** When something is to be done next. */
    fun due(): Moment? {
        val moments = unacknowledged.map { minOf(it.next, it.since + GIVEN_UP_AFTER) }
        return earliest(moments + acknowledgeBy)
    }

    companion object {
        const val ACK = "ack"
        private const val WINDOW = 64
        private val REPEATS_AFTER = listOf(1.seconds, 2.seconds, 4.seconds)
        private val GIVEN_UP_AFTER = 10.seconds
        private val ACKNOWLEDGES_WITHIN = 500.milliseconds
    }
}
