// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link.message

import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.Mac
import org.intercomd.phone.keys.Nonce
import org.intercomd.phone.keys.PublicKey
import org.intercomd.phone.words.DialKind
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.NoSession
import org.intercomd.phone.words.Right
import org.intercomd.phone.words.VideoCodec

/** What this handset says: PROTOCOL.md, section 5. */
sealed interface FromHandset {
    val t: String
    val body: Json.Object
}

/** Answered by what begins a context, or a pairing. */
sealed interface Greeting : FromHandset

/** Answered. */
sealed interface Request : FromHandset

/** Only acknowledged. */
sealed interface Notice : FromHandset

data class Hello(val nonce: Nonce, val srv: Srv, val app: String) : Greeting {
    override val t = "hello"
    override val body
        get() =
            Json.of(
                "n_h" to nonce.json,
                "srv" to Json.Text(srv.text),
                "app" to Json.Text(app),
            )
}

data class Pair(
    val label: Label,
    val callKey: PublicKey,
    val actionKey: PublicKey,
    val srv: Srv,
    val mac: Mac,
) : Greeting {
    override val t = "pair"
    override val body
        get() =
            Json.of(
                "label" to Json.Text(label.text),
                "call_key" to callKey.jwk,
                "action_key" to actionKey.jwk,
                "srv" to Json.Text(srv.text),
                "mac" to mac.json,
            )
}

data object Resume : Request {
    override val t = "resume"
    override val body = Json.of()
}

data class Ringing(val cid: CallId) : Notice {
    override val t = "ringing"
    override val body get() = only(cid)
}

data class Busy(val cid: CallId) : Notice {
    override val t = "busy"
    override val body get() = only(cid)
}

data class Connect(val cid: CallId, val video: List<VideoCodec>, val camera: Boolean) : Request {
    override val t = "connect"
    override val body
        get() =
            Json.of(
                "cid" to cid.json,
                "video" to Json.texts(video.map { it.word }),
                "camera" to Json.Flag(camera),
            )
}

data class Answer(val cid: CallId, val session: SessionNo, val sdp: Sdp) : Notice {
    override val t = "answer"
    override val body
        get() =
            Json.of(
                "cid" to cid.json,
                "session" to session.json,
                "sdp" to Json.Text(sdp.text),
            )
}

data class Closed(val cid: CallId, val session: SessionNo, val reason: NoSession) : Notice {
    override val t = "closed"
    override val body
        get() =
            Json.of(
                "cid" to cid.json,
                "session" to session.json,
                "reason" to Json.Text(reason.word),
            )
}

data class Accept(val cid: CallId) : Request {
    override val t = "accept"
    override val body get() = only(cid)
}

data class Reject(val cid: CallId) : Request {
    override val t = "reject"
    override val body get() = only(cid)
}

data class HangUp(val cid: CallId) : Request {
    override val t = "hangup"
    override val body get() = only(cid)
}

data class Hold(val cid: CallId, val on: Boolean) : Request {
    override val t = "hold"
    override val body get() = Json.of("cid" to cid.json, "on" to Json.Flag(on))
}

data class Dial(val kind: DialKind, val media: Media) : Request {
    override val t = "dial"
    override val body
        get() = Json.of("kind" to Json.Text(kind.word), "media" to Json.Text(media.word))
}

data class Challenge(val door: DoorName) : Request {
    override val t = "challenge"
    override val body get() = Json.of("door" to Json.Text(door.text))
}

class Action(val door: DoorName, val nonce: Nonce, private val signature: ByteArray) : Request {
    override val t = "action"
    override val body
        get() =
            Json.of(
                "door" to Json.Text(door.text),
                "nonce" to nonce.json,
                "sig" to Json.Text(Base64Url.encode(signature)),
            )
}

data class OpenPairing(val rights: List<Right>, val doors: List<DoorName>) : Request {
    override val t = "open_pairing"
    override val body
        get() =
            Json.of(
                "rights" to Json.texts(rights.map { it.word }),
                "doors" to Json.texts(doors.map { it.text }),
            )
}

data object Handsets : Request {
    override val t = "handsets"
    override val body = Json.of()
}

data class Revoke(val handset: HandsetId) : Request {
    override val t = "revoke"
    override val body get() = Json.of("handset" to Json.Text(handset.text))
}

/** From now on this handset is woken there. It holds the secret of its pushes: not printed. */
class PushRegister(
    private val endpoint: String,
    private val p256dh: String,
    private val auth: String,
) : Request {
    override val t = "push_register"
    override val body
        get() =
            Json.of(
                "endpoint" to Json.Text(endpoint),
                "p256dh" to Json.Text(p256dh),
                "auth" to Json.Text(auth),
            )
}

data object PushUnregister : Request {
    override val t = "push_unregister"
    override val body = Json.of()
}

private fun only(cid: CallId): Json.Object = Json.of("cid" to cid.json)
