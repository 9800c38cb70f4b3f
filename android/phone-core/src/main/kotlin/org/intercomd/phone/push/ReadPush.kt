// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.push

import org.intercomd.phone.link.Envelope
import org.intercomd.phone.link.Parties
import org.intercomd.phone.link.Refusal
import org.intercomd.phone.link.message.Pushed
import org.intercomd.phone.link.message.fromPush
import org.intercomd.phone.words.wordOf

/** Checks 1 to 6: what the station says by this [body] of a push. @throws PushRefused */
fun readPush(body: ByteArray, keys: PushKeys, parties: Parties): Pushed {
    val frame = keys.decrypt(body).toString(Charsets.UTF_8)
    return try {
        val message = Envelope.split(frame).open(parties.station, parties.me)
        val isNumbered = message.sx.isNotEmpty() || message.seq != 0L || message.ack != 0L
        if (isNumbered || message.re != null) throw PushRefused(PushRefusal.Stale)
        fromPush(message.t, message.b)
    } catch (refusal: Refusal) {
        throw PushRefused(checkNotNull(wordOf<PushRefusal>(refusal.code.word)), cause = refusal)
    }
}
