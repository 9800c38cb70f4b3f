// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Call
import org.intercomd.phone.handset.Handset
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.link.Parties
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Connect
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.net.station.StationServer
import org.intercomd.phone.push.PushRefusal
import org.intercomd.phone.time.Moment
import org.intercomd.phone.vectors.Vectors
import org.junit.jupiter.api.Assertions.fail
import java.io.Closeable
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.random.Random
import kotlin.time.Duration

/** A handset at work, of which all is kept that it asks of the phone. */
class TestPhone(srv: Srv, vararg addresses: String) : Closeable {
    constructor(server: StationServer) : this(server.srv, server.address)

    private val action = Vectors.keyPair("handset_action")
    private val states = LinkedBlockingQueue<HandsetState>()

    /** What [Media] and [HandsetListener] were told, in its order. */
    val told = LinkedBlockingQueue<Any>()

    /** Whether the person agrees to open a door. */
    @Volatile
    var agrees = true

    @Volatile
    private var slept = Duration.ZERO
    lateinit var reports: MediaReports
    val live =
        LiveHandset(
            Handset(
                Parties(Vectors.keyPair("handset_call"), Vectors.publicKey("station"), "test"),
                addresses.toList(),
                Entropy.secure(),
                Random(1),
            ),
            srv,
            { Clock.system().now() + slept },
            { reports -> TestMedia().also { this.reports = reports } },
            ::sign,
            Ears(),
        )

    /** Time passes that the timer of this machine does not see. */
    fun sleep(duration: Duration) {
        slept += duration
        live.press(Button.Silence)
    }

    /** The first state from now on, or from the last one that was awaited, that is so. */
    fun await(what: String, isSo: (HandsetState) -> Boolean): HandsetState {
        while (true) {
            val state = states.poll(LONG, TimeUnit.SECONDS) ?: fail("never $what: ${live.state}")
            if (isSo(state)) return state
        }
    }

    inline fun <reified T> awaitTold(): T {
        while (true) {
            val news = told.poll(LONG, TimeUnit.SECONDS) ?: fail("never told ${T::class}")
            if (news is T) return news
        }
    }

    fun eventually(what: String, isSo: () -> Boolean) {
        repeat(LONG.toInt() * 100) {
            if (isSo()) return
            Thread.sleep(10)
        }
        fail<Unit>("never so: $what")
    }

    override fun close() = live.close()

    private fun sign(door: DoorName, text: ByteArray, done: (ByteArray?) -> Unit) {
        Thread { done(if (agrees) action.sign(text) else null) }.start()
    }

    private inner class Ears : HandsetListener {
        override fun changed(state: HandsetState) {
            states += state
        }

        override fun ringOnce() {
            told += RingOnce
        }

        override fun explain(request: Request, error: Failed) {
            told += Explained(request, error)
        }

        override fun answered(request: Request, answer: FromStation) {
            told += request to answer
        }

        override fun pushed(refusal: PushRefusal?) {
            told += PushCame(refusal)
        }

        override fun revoked() {
            told += Revoked
        }
    }

    private inner class TestMedia : Media {
        override fun follow(call: Call?) {
            told += Followed(call)
        }

        override fun want(cid: CallId) {
            told += Wanted(cid)
        }

        override fun refused(connect: Connect, error: Failed) {
            told += Refused(connect, error)
        }

        override fun take(offer: Offer) {
            told += offer
        }

        override fun add(ice: Ice) {
            told += ice
        }

        override fun leave() {
            told += Left
        }
    }

    data object RingOnce

    data object Revoked

    data object Left

    data class PushCame(val refusal: PushRefusal?)

    data class Explained(val request: Request, val error: Failed)

    data class Followed(val call: Call?)

    data class Wanted(val cid: CallId)

    data class Refused(val connect: Connect, val error: Failed)

    companion object {
        /** Seconds; what never comes is waited for so long. */
        const val LONG = 30L
    }
}
