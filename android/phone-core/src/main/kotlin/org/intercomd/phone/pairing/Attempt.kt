// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.pairing

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.keys.KeyPair
import org.intercomd.phone.keys.Mid
import org.intercomd.phone.keys.PublicKey
import org.intercomd.phone.link.Envelope
import org.intercomd.phone.link.Payload
import org.intercomd.phone.link.Proofs
import org.intercomd.phone.link.Refusal
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.Pair
import org.intercomd.phone.link.message.PairOk
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.link.message.fromStation
import org.intercomd.phone.words.Code

/** One attempt to use an invitation. Kept, it can be made again after the app was ended. */
class Attempt(
    val invitation: Invitation,
    val mid: Mid,
    val label: Label,
    val call: KeyPair,
    val action: KeyPair,
) {
    private val me = call.public.thumbprint

    /** [srv] is the pin that this connection has seen. */
    fun frame(srv: Srv): String {
        val (station, token) = invitation.key to invitation.token
        val mac = Proofs.claim(token, station, me, action.public.thumbprint, srv)
        val pair = Pair(label, call.public, action.public, srv, mac)
        return Envelope.seal(
            call,
            Payload(mid, me, station, sx = "", seq = 0, ack = 0, re = null, pair.t, pair.body),
        )
    }

    /** [PairOk] or [Failed], from the station that the invitation is of. @throws Refusal */
    fun read(frame: String): FromStation = answer(open(frame))

    internal fun open(frame: String): Payload {
        val split = Envelope.split(frame, Envelope.LARGEST_UNCONFIRMED)
        // The answer brings the station's key, and the invitation says which one that must be.
        val key = claimedKey(split) ?: throw Refusal(Code.UnknownKey)
        if (key.thumbprint != invitation.key) throw Refusal(Code.UnknownKey)
        return split.open(key, me)
    }

    private fun answer(message: Payload): FromStation {
        if (message.re != mid || message.sx.isNotEmpty() || message.seq != 0L) {
            throw Refusal(Code.Stale)
        }
        val body = fromStation(message.t, message.b)
        if (body is PairOk) {
            check(body)
        } else if (body !is Failed) {
            throw Refusal(Code.Stale)
        }
        return body
    }

    private fun check(answer: PairOk) {
        val mac = Proofs.confirmation(invitation.token, invitation.key, me, answer.handset)
        if (answer.mac != mac) throw Refusal(Code.BadToken)
    }

    private fun claimedKey(split: Envelope.Split): PublicKey? = try {
        val b = (split.unverified() as? Json.Object)?.get("b") as? Json.Object
        b?.get("key")?.let(PublicKey::read)
    } catch (_: Malformed) {
        null
    }
}
