// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.keys.Mid
import org.intercomd.phone.keys.Nonce
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.HelloOk
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.link.message.fromStation
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Code

/** What was asked with `hello`. */
data class Asked(val mid: Mid, val nonce: Nonce, val srv: Srv)

/** What the station says to `hello`. */
sealed interface StationAnswer {
    data class Welcome(val context: Context) : StationAnswer

    data class Denial(val error: Failed) : StationAnswer

    companion object {
        /** @throws Refusal */
        fun read(message: Payload, asked: Asked, now: Moment): StationAnswer {
            if (message.re != asked.mid) throw Refusal(Code.Stale)
            val body = fitting(message)
            if (body is Failed) return Denial(body)
            val welcome = body as? HelloOk ?: throw Refusal(Code.Stale)
            if (welcome.handsetNonce != asked.nonce) throw Refusal(Code.Stale)
            // Otherwise somebody else's TLS key is between the two.
            if (asked.srv.pin != null && welcome.srv != asked.srv) {
                throw Refusal(Code.WrongRecipient)
            }
            val context = Context(Proofs.context(asked.nonce, welcome.stationNonce))
            if (context.received(message, now) != Context.Freshness.New) throw Refusal(Code.Stale)
            return Welcome(context)
        }

        private fun fitting(message: Payload): FromStation {
            val isWelcome = message.t == "hello_ok" && message.sx.isNotEmpty() && message.seq == 1L
            val isDenial = message.t == "error" && message.sx.isEmpty() && message.seq == 0L
            if (!isWelcome && !isDenial) throw Refusal(Code.Stale)
            return fromStation(message.t, message.b)
        }
    }
}
