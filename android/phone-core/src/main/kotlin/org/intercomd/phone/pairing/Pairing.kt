// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.pairing

import org.intercomd.phone.keys.CannotSign
import org.intercomd.phone.link.Refusal
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.PairOk
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Code
import kotlin.time.Duration.Companion.seconds

/**
 * From an invitation to a station that knows this handset: finds the first address that works,
 * and says `pair` there until it is answered. [poll] is to be drained after every other call.
 */
class Pairing(private val attempt: Attempt, now: Moment) {
    sealed interface Output {
        data class Dial(val socket: Int, val address: String) : Output

        data class Send(val socket: Int, val frame: String) : Output

        data class Close(val socket: Int) : Output

        /** The last one. The socket stays open for what comes next, a connection. */
        data class Paired(val socket: Int, val answer: PairOk) : Output

        /** The last one. */
        data class NotPaired(val error: Failed) : Output
    }

    private sealed interface State {
        data class Dialling(val until: Moment) : State

        data class Asking(val frame: String, val repeats: Int, val next: Moment) : State

        data object Over : State
    }

    private val output = ArrayDeque<Output>()
    private val invitation = attempt.invitation
    private var state: State = State.Over
    private var socket = 0

    init {
        dialNext(now)
    }

    fun poll(): Output? = output.removeFirstOrNull()

    /** [srv] is the pin of the key that was seen; whoever opens sockets takes no other. */
    fun opened(socket: Int, srv: Srv, now: Moment) {
        if (socket != this.socket || state !is State.Dialling) return
        if (srv.pin != null && srv != invitation.pin) return fail(Failed(Code.WrongRecipient))
        try {
            say(attempt.frame(srv), 0, now)
        } catch (_: CannotSign) {
            fail(Failed(Code.Failed))
        }
    }

    fun received(socket: Int, frame: String) {
        if (socket != this.socket || state !is State.Asking) return
        try {
            val answer = attempt.read(frame)
            if (answer is PairOk) paired(answer) else fail(answer as Failed)
        } catch (refusal: Refusal) {
            fail(Failed(refusal.code))
        }
    }

    fun closed(socket: Int, now: Moment) {
        if (socket != this.socket) return
        when (state) {
            is State.Dialling -> dialNext(now)
            is State.Asking -> fail(Failed(Code.Unavailable))
            State.Over -> Unit
        }
    }

    /** The person changed their mind. */
    fun stop() {
        if (state != State.Over) fail(Failed(Code.Stopped))
    }

    fun tick(now: Moment) {
        when (val state = state) {
            is State.Dialling ->
                if (state.until <= now) {
                    output += Output.Close(socket)
                    dialNext(now)
                }

            is State.Asking -> if (state.next <= now) again(state, now)

            State.Over -> Unit
        }
    }

    fun due(): Moment? = when (val state = state) {
        is State.Dialling -> state.until
        is State.Asking -> state.next
        State.Over -> null
    }

    private fun dialNext(now: Moment) {
        val address = invitation.at.getOrNull(socket) ?: return fail(Failed(Code.Unavailable))
        socket += 1
        state = State.Dialling(now + OPEN_WITHIN)
        output += Output.Dial(socket, address)
    }

    private fun again(asking: State.Asking, now: Moment) {
        if (asking.repeats == REPEATED_AFTER.lastIndex) return fail(Failed(Code.NoAnswer))
        say(asking.frame, asking.repeats + 1, now)
    }

    private fun say(frame: String, repeats: Int, now: Moment) {
        state = State.Asking(frame, repeats, now + REPEATED_AFTER[repeats])
        output += Output.Send(socket, frame)
    }

    private fun paired(answer: PairOk) {
        state = State.Over
        output += Output.Paired(socket, answer)
    }

    private fun fail(error: Failed) {
        if (socket > 0) output += Output.Close(socket)
        state = State.Over
        output += Output.NotPaired(error)
    }

    private companion object {
        val OPEN_WITHIN = 10.seconds

        /** The last is what is waited for in the end. */
        val REPEATED_AFTER = listOf(1.seconds, 2.seconds, 4.seconds, 4.seconds)
    }
}
