// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link.message

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.json.Members
import org.intercomd.phone.json.count
import org.intercomd.phone.json.listOf
import org.intercomd.phone.json.text
import org.intercomd.phone.json.word
import org.intercomd.phone.keys.Mac
import org.intercomd.phone.keys.Nonce
import org.intercomd.phone.keys.PublicKey
import org.intercomd.phone.link.Refusal
import org.intercomd.phone.time.WallTime
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Right
import org.intercomd.phone.words.Status
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

private val BODIES: Bodies<FromStation> =
    mapOf(
        "hello_ok" to { HelloOk(nonce("n_h"), nonce("n_d"), required("srv", Srv::read)) },
        "pair_ok" to Members::pairOk,
        "state_is" to Members::stateIs,
        "ring" to Members::ring,
        "nudge" to { Nudge(cid()) },
        "offer" to {
            Offer(
                cid(),
                session(),
                required("sdp", Sdp::read),
                required("ice", listOf(::iceServer)),
            )
        },
        "ice" to {
            val mline = required("mline", ::smallCount)
            Ice(cid(), session(), mline, required("candidate", Candidate::read))
        },
        "selected" to { Selected(cid()) },
        "held" to { Held(cid(), flag("on")) },
        "warning" to { Warning(cid(), duration("ends_ms")) },
        "ended" to Members::ended,
        "challenge_is" to { ChallengeIs(nonce("nonce"), duration("lasts_ms")) },
        "ok" to Members::done,
        "error" to Members::failed,
        "ack" to { Ack },
    )

private val PUSHED: Bodies<Pushed> =
    mapOf(
        "ring" to { PushedRing(ring(), required("until", WallTime::read)) },
        "ended" to Members::ended,
    )

/** Checks 9 and 10. @throws Refusal */
fun fromStation(t: String, b: Json.Object): FromStation = BODIES.read(t, b)

/** The same of what a push says. @throws Refusal */
fun fromPush(t: String, b: Json.Object): Pushed = PUSHED.read(t, b)

private typealias Bodies<T> = Map<String, Members.() -> T>

private fun <T> Bodies<T>.read(t: String, b: Json.Object): T {
    val body = this[t] ?: throw Refusal(Code.UnknownMessage)
    return try {
        Members.of(b, body)
    } catch (_: Malformed) {
        throw Refusal(Code.BadBody)
    }
}

private fun Members.pairOk() = PairOk(
    key = required("key", PublicKey::read),
    handset = required("handset", HandsetId::read),
    label = required("label", Label::read),
    rights = rights(),
    doors = required("doors", listOf(DoorName::read)),
    mac = required("mac", Mac::read),
)

private fun Members.stateIs() = StateIs(
    name = text("name"),
    handset = required("handset") { Members.of(it) { oneself() } },
    doors = required("doors", listOf { Members.of(it) { door() } }),
    call = maybe("call") { Members.of(it) { call() } },
    busy = maybe("busy") { Members.of(it) { StateIs.Busy(maybe("by", ::text)) } },
)

private fun Members.oneself() = StateIs.Oneself(
    required("id", HandsetId::read),
    required("label", Label::read),
    rights(),
)

private fun Members.door() = StateIs.Door(
    name = required("name", DoorName::read),
    label = text("label"),
    state = required("state", ::word),
    contact = required("contact", ::word),
    alarm = required("alarm", ::word),
    isLocked = flag("locked"),
)

private fun Members.call() = StateIs.Call(
    cid = cid(),
    status = required("status", ::word),
    direction = required("direction", ::word),
    contact = maybe("contact", ::text),
    media = media(),
    ringsFor = maybe("ring_ms", ::ringTime),
    isMonitor = flag("monitor"),
)

private fun Members.ring() =
    Ring(cid(), maybe("contact", ::text), required("ring_ms", ::ringTime), media())

private fun Members.ended() = Ended(
    cid = cid(),
    status = required("status", ::terminal),
    reason = Reason.of(text("reason")),
    answeredBy = maybe("answered_by", ::text),
)

private fun Members.done() = Done(
    cid = maybe("cid", CallId::read),
    link = maybe("link", ::text),
    lasts = maybe("lasts_ms", ::milliseconds),
    handsets = maybe("handsets", listOf { Members.of(it) { paired() } }),
)

private fun Members.paired() = Paired(
    required("id", HandsetId::read),
    required("label", Label::read),
    rights(),
    required("doors", listOf(DoorName::read)),
)

private fun Members.failed() = Failed(
    code = Code.of(text("code")),
    detail = text("detail"),
    retryIn = maybe("retry_ms", ::milliseconds),
    answeredBy = maybe("answered_by", ::text),
    key = maybe("key", PublicKey::read),
)

private fun iceServer(json: Json): IceServer = Members.of(json) {
    IceServer(
        urls = required("urls", listOf(::text)),
        username = maybe("username", ::text),
        credential = maybe("credential", ::text),
    )
}

private fun terminal(json: Json): Status =
    word<Status>(json).takeIf(Status::isTerminal) ?: throw Malformed("not an end")

private fun milliseconds(json: Json): Duration = count(json).milliseconds

private fun ringTime(json: Json): Duration = minOf(milliseconds(json), Ring.LONGEST)

private fun Members.cid() = required("cid", CallId::read)

private fun Members.session() = required("session", SessionNo::read)

private fun Members.media() = required<Media>("media", ::word)

private fun Members.rights() = required("rights", listOf<Right>(::word))

private fun Members.nonce(name: String) = required(name, Nonce::read)

private fun Members.duration(name: String) = required(name, ::milliseconds)
