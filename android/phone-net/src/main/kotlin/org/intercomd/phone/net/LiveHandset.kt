// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Effect
import org.intercomd.phone.handset.Handset
import org.intercomd.phone.link.Connection
import org.intercomd.phone.link.message.Answer
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Closed
import org.intercomd.phone.link.message.Connect
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Notice
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.push.PushKeys
import org.intercomd.phone.time.Moment
import org.intercomd.phone.time.WallTime
import org.intercomd.phone.words.MediaState
import java.io.Closeable

/**
 * A [Handset] with what it lacks: a thread, a clock, a timer and sockets. From now on the handset
 * is its own, and nobody else's. All of it may be called on any thread, and returns at once.
 */
class LiveHandset(
    private val handset: Handset,
    private val srv: Srv,
    clock: Clock,
    media: (MediaReports) -> Media,
    private val signer: DoorSigner,
    private val listener: HandsetListener,
) : Closeable {
    private val loop = Loop("handset", clock, handset::due) { now ->
        handset.tick(now)
        carryOut()
    }
    private val sockets = Sockets(srv, News())
    private val media = media(Reports())

    @Volatile
    var state = HandsetState()
        private set

    fun start() = turn { start(it) }

    /** Away from the station, until [start]. */
    fun stop() = turn { stop(it) }

    /** Ends the thread, for good. */
    override fun close() = loop.turn { now ->
        handset.stop(now)
        carryOut()
        sockets.end()
        loop.end()
    }

    fun networkChanged(isThere: Boolean) = turn { networkChanged(isThere, it) }

    /** Somebody looks. */
    fun wake() = turn { wake(it) }

    fun press(button: Button) = turn { pressed(button, it) }

    fun openDoor(door: DoorName) = turn { openDoor(door, it) }

    /** The [body] of a push came. What comes of it is told by [HandsetListener.pushed]. */
    fun pushed(body: ByteArray, keys: PushKeys, wall: WallTime) =
        turn { pushed(body, keys, wall, it) }

    /** Answered by [HandsetListener.answered]. */
    fun request(request: Request) = turn { request(request, it) }

    private fun turn(act: Handset.(Moment) -> Unit) = loop.turn { now ->
        handset.act(now)
        carryOut()
    }

    private fun carryOut() {
        tell(HandsetState(handset))
        while (true) carryOut(handset.poll() ?: break)
    }

    private fun tell(now: HandsetState) {
        val before = state
        if (now == before) return
        state = now
        if (now.calls.call != before.calls.call) media.follow(now.calls.call)
        listener.changed(now)
    }

    private fun carryOut(output: Handset.Output) {
        when (output) {
            is Handset.Output.ToLink -> carryOut(output.output)

            is Handset.Output.ToPhone -> carryOut(output.effect)

            is Handset.Output.SignForDoor -> sign(output.door, output.text)

            is Handset.Output.Answered -> {
                val (request, answer) = output
                if (request is Connect && answer is Failed) media.refused(request, answer)
                listener.answered(request, answer)
            }

            is Handset.Output.Pushed -> listener.pushed(output.refusal)

            Handset.Output.Revoked -> listener.revoked()

            Handset.Output.Changed -> Unit
        }
    }

    private fun carryOut(output: Connection.Output) {
        when (output) {
            is Connection.Output.Dial -> sockets.dial(output.socket, output.address)
            is Connection.Output.Send -> sockets.send(output.socket, output.frame)
            is Connection.Output.Close -> sockets.close(output.socket)
            is Connection.Output.LinkIs, is Connection.Output.Said -> Unit
            is Connection.Output.Answered, Connection.Output.Revoked -> Unit
        }
    }

    private fun carryOut(effect: Effect) {
        when (effect) {
            is Effect.WantSession -> media.want(effect.cid)
            is Effect.TakeOffer -> media.take(effect.offer)
            is Effect.AddCandidate -> media.add(effect.ice)
            Effect.Leave -> media.leave()
            Effect.RingOnce -> listener.ringOnce()
            is Effect.Explain -> listener.explain(effect.request, effect.error)
            is Effect.Ask, is Effect.Notify -> Unit
        }
    }

    private fun sign(door: DoorName, text: ByteArray) = signer.sign(door, text) { signature ->
        turn { now ->
            if (signature == null) {
                notSignedForDoor(door, now)
            } else {
                signedForDoor(door, signature, now)
            }
        }
    }

    private inner class News : Sockets.News {
        override fun opened(socket: Int) = turn { opened(socket, srv, it) }

        override fun received(socket: Int, frame: String) = turn { received(socket, frame, it) }

        override fun closed(socket: Int, hint: String) = turn { closed(socket, hint, it) }
    }

    private inner class Reports : MediaReports {
        override fun connect(connect: Connect) = request(connect)

        override fun answer(answer: Answer) = say(answer)

        override fun candidate(ice: Ice) = say(ice)

        override fun closed(closed: Closed) = say(closed)

        override fun changed(cid: CallId, state: MediaState) = turn { mediaChanged(cid, state, it) }

        private fun say(notice: Notice) = turn { notify(notice, it) }
    }
}
