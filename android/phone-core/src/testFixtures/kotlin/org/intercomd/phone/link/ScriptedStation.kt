// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.Mid
import org.intercomd.phone.keys.Nonce
import org.intercomd.phone.keys.PlatformKeyPair
import org.intercomd.phone.keys.Token
import org.intercomd.phone.link.message.HandsetId
import org.intercomd.phone.time.Moment
import org.intercomd.phone.vectors.Vectors
import org.intercomd.phone.vectors.here

/**
 * A station that says what a test tells it to say. It shares the envelope with the handset, which
 * the wire vectors hold to the specification, and decides nothing by itself.
 */
class ScriptedStation(private val key: PlatformKeyPair = Vectors.keyPair("station")) {
    private val handset = Vectors.publicKey("handset_call")
    private val entropy = Entropy.secure()
    private var context = Context("")

    /** All that this station heard, repetitions included. */
    val heard = mutableListOf<Payload>()

    /** What it answers to a request by its `t`; null is nothing at all. */
    val answers = mutableMapOf<String, (Json.Object) -> Pair<String, Json.Object>?>()
    var pin = ""
    var token = Token.of(ByteArray(16))
    var standing: Json.Object = NOTHING

    /** Who has it speaks for this station. */
    val sx: String
        get() = context.sx

    fun heardOf(t: String): List<Payload> = heard.filter { it.t == t }

    /** The frames that answer this one. */
    fun receive(frame: String, now: Moment): List<String> {
        val message = Envelope.split(frame).open(handset, key.public.thumbprint)
        heard += message
        if (message.t == "hello") return listOf(greet(message))
        if (message.t == "pair") return listOf(pair(message))
        val freshness = context.received(message, now)
        context.acknowledged(message.ack)
        if (freshness != Context.Freshness.New) return emptyList()
        return listOfNotNull(answer(message))
    }

    fun say(t: String, b: Json.Object = Json.of(), re: Mid? = null): String {
        val (sx, seq, ack) = context.numbers(t)
        return seal(t, b, re, sx, seq, ack)
    }

    /** An `error` that belongs to no context. */
    fun deny(code: String, re: Mid): String =
        seal("error", Json.of("code" to Json.Text(code), "detail" to Json.Text("")), re, "", 0, 0)

    /** As this station would say it in a context of somebody else. */
    fun sayIn(sx: String, seq: Long, t: String, b: Json.Object): String =
        seal(t, b, null, sx, seq, 0)

    /** In no context, as in a push. */
    fun sayApart(t: String, b: Json.Object): String = seal(t, b, null, "", 0, 0)

    private fun greet(hello: Payload): String {
        val nonce = entropy.nonce()
        context = Context(Proofs.context(Nonce.read(hello.b["n_h"].here), nonce))
        val b =
            Json.of(
                "n_h" to hello.b["n_h"],
                "n_d" to nonce.json,
                "srv" to Json.Text(pin),
            )
        return say("hello_ok", b, hello.mid)
    }

    private fun pair(pair: Payload): String {
        val id = HandsetId("h0123456789")
        val b =
            Json.of(
                "key" to key.public.jwk,
                "handset" to Json.Text(id.text),
                "label" to pair.b["label"],
                "rights" to Json.texts(listOf("answer")),
                "doors" to Json.texts(listOf("house")),
                "mac" to Proofs.confirmation(token, key.public.thumbprint, pair.from, id).json,
            )
        return seal("pair_ok", b, pair.mid, "", 0, 0)
    }

    private fun answer(message: Payload): String? {
        val answer =
            when (message.t) {
                "resume" -> "state_is" to standing
                else -> answers[message.t]?.invoke(message.b)
            }
        return answer?.let { (t, b) -> say(t, b, message.mid) }
    }

    private fun seal(
        t: String,
        b: Json.Object,
        re: Mid?,
        sx: String,
        seq: Long,
        ack: Long,
    ): String {
        val (me, to) = key.public.thumbprint to handset.thumbprint
        return Envelope.seal(key, Payload(entropy.mid(), me, to, sx, seq, ack, re, t, b))
    }

    companion object {
        private val HANDSET =
            Json.of(
                "id" to Json.Text("h0123456789"),
                "label" to Json.Text("Kitchen"),
                "rights" to Json.texts(listOf("answer")),
            )

        /** No call. */
        val NOTHING: Json.Object = standing(null)

        fun standing(call: Json.Object?): Json.Object = Json.of(
            "name" to Json.Text("Front door"),
            "handset" to HANDSET,
            "doors" to Json.Items(emptyList()),
            "call" to call,
        )
    }
}
