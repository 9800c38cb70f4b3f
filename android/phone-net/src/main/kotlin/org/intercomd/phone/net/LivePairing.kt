// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.PairOk
import org.intercomd.phone.pairing.Attempt
import org.intercomd.phone.pairing.Pairing
import org.intercomd.phone.time.Moment

/** A [Pairing] with a thread, a clock and sockets. It begins at once, and ends by itself. */
class LivePairing(
    attempt: Attempt,
    clock: Clock,
    /** Called once, on the thread of the pairing. */
    private val done: (Outcome) -> Unit,
) {
    sealed interface Outcome {
        /** [address] is the one that worked. */
        data class Paired(val answer: PairOk, val address: String) : Outcome

        data class NotPaired(val error: Failed) : Outcome
    }

    private val srv = attempt.invitation.pin
    private val addresses = attempt.invitation.at
    private val pairing = Pairing(attempt, clock.now())
    private val loop = Loop("pairing", clock, pairing::due) { now ->
        pairing.tick(now)
        carryOut()
    }
    private val sockets = Sockets(srv, News())

    init {
        turn {}
    }

    /** The person changed their mind. */
    fun stop() = turn { stop() }

    private fun turn(act: Pairing.(Moment) -> Unit) = loop.turn { now ->
        pairing.act(now)
        carryOut()
    }

    private fun carryOut() {
        while (true) carryOut(pairing.poll() ?: break)
    }

    private fun carryOut(output: Pairing.Output) {
        when (output) {
            is Pairing.Output.Dial -> sockets.dial(output.socket, output.address)

            is Pairing.Output.Send -> sockets.send(output.socket, output.frame)

            is Pairing.Output.Close -> sockets.close(output.socket)

            is Pairing.Output.Paired -> {
                sockets.close(output.socket)
                end(Outcome.Paired(output.answer, addresses[output.socket - 1]))
            }

            is Pairing.Output.NotPaired -> end(Outcome.NotPaired(output.error))
        }
    }

    private fun end(outcome: Outcome) {
        sockets.end()
        loop.end()
        done(outcome)
    }

    private inner class News : Sockets.News {
        override fun opened(socket: Int) = turn { opened(socket, srv, it) }

        override fun received(socket: Int, frame: String) = turn { received(socket, frame) }

        override fun closed(socket: Int, hint: String) = turn { closed(socket, it) }
    }
}
