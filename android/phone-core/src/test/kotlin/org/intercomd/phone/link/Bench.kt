// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.time.Moment
import org.intercomd.phone.vectors.Vectors
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A connection, sockets that do what the test says, and time that passes when it says so. */
class Bench(addresses: List<String> = listOf("a:1"), random: Random = LATEST) {
    val station = ScriptedStation()
    val connection =
        Connection(
            Parties(Vectors.keyPair("handset_call"), Vectors.publicKey("station"), "test"),
            addresses,
            Entropy.secure(),
            random,
        )
    var now = Moment(0)
    var socket = 0
    var isStationThere = true
    val dialled = mutableListOf<String>()
    val closed = mutableListOf<Int>()
    val sent = mutableListOf<String>()
    val links = mutableListOf<Link.Word>()
    val said = mutableListOf<FromStation>()
    val answered = mutableListOf<Pair<Request, FromStation>>()
    var revoked = 0

    fun act(act: Connection.() -> Unit) {
        connection.act()
        while (true) take(connection.poll() ?: break)
    }

    fun open(srv: Srv = Srv(null)) = act { opened(socket, srv, now) }

    fun receive(frame: String) = act { received(socket, frame, now) }

    fun fail(hint: String = "") = act { closed(socket, hint, now) }

    fun say(t: String, vararg members: Pair<String, Json?>) =
        receive(station.say(t, Json.of(*members)))

    fun pass(duration: Duration) {
        val end = now + duration
        while (true) {
            val due = connection.due() ?: break
            if (due > end) break
            now = maxOf(now, due)
            act { tick(now) }
        }
        now = end
    }

    private fun take(news: Connection.Output) {
        when (news) {
            is Connection.Output.Dial -> {
                socket = news.socket
                dialled += news.address
            }

            is Connection.Output.Send -> {
                sent += news.frame
                if (isStationThere && news.socket == socket) {
                    station.receive(news.frame, now).forEach {
                        connection.received(socket, it, now)
                    }
                }
            }

            is Connection.Output.Close -> closed += news.socket

            is Connection.Output.LinkIs -> links += news.link.word

            is Connection.Output.Said -> said += news.message

            is Connection.Output.Answered -> answered += news.request to news.answer

            Connection.Output.Revoked -> revoked += 1
        }
    }

    companion object {
        /** Makes every pause as long as it can be. */
        val LATEST =
            object : Random() {
                override fun nextBits(bitCount: Int): Int = (1 shl bitCount) - 1
            }
        val SOONEST =
            object : Random() {
                override fun nextBits(bitCount: Int): Int = 0
            }

        fun connected(): Bench = Bench().apply {
            act { start(now) }
            open()
        }

        val A_WHILE = 6.seconds
        val INSTANT = 1.milliseconds
    }
}
