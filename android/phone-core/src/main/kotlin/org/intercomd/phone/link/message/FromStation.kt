// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link.message

import org.intercomd.phone.keys.Mac
import org.intercomd.phone.keys.Nonce
import org.intercomd.phone.keys.PublicKey
import org.intercomd.phone.time.WallTime
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.DoorAlarm
import org.intercomd.phone.words.DoorContact
import org.intercomd.phone.words.DoorState
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Right
import org.intercomd.phone.words.Status
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes

/** What the station says: PROTOCOL.md, section 5. */
sealed interface FromStation {
    /** The call that it is about. */
    val cid: CallId?
        get() = null
}

/** What a push may say: PROTOCOL.md, section 10. */
sealed interface Pushed

data class HelloOk(val handsetNonce: Nonce, val stationNonce: Nonce, val srv: Srv) : FromStation

data class PairOk(
    val key: PublicKey,
    val handset: HandsetId,
    val label: Label,
    val rights: List<Right>,
    val doors: List<DoorName>,
    val mac: Mac,
) : FromStation

/** How things stand. */
data class StateIs(
    val name: String,
    val handset: Oneself,
    val doors: List<Door>,
    val call: Call?,
    val busy: Busy?,
) : FromStation {
    override val cid: CallId?
        get() = call?.cid

    /** The handset that is spoken to. */
    data class Oneself(val id: HandsetId, val label: Label, val rights: List<Right>)

    data class Door(
        val name: DoorName,
        val label: String,
        val state: DoorState,
        val contact: DoorContact,
        val alarm: DoorAlarm,
        val isLocked: Boolean,
    )

    data class Call(
        val cid: CallId,
        val status: Status,
        val direction: Direction,
        val contact: String?,
        val media: Media,
        val ringsFor: Duration?,
        val isMonitor: Boolean,
    )

    /** A call of others. */
    data class Busy(val by: String?)
}

data class Ring(
    override val cid: CallId,
    val contact: String?,
    val ringsFor: Duration,
    val media: Media,
) : FromStation {
    companion object {
        /** A station that says more is broken, and is not believed. */
        val LONGEST = 10.minutes
    }
}

data class PushedRing(val ring: Ring, val until: WallTime) : Pushed

data class Nudge(override val cid: CallId) : FromStation

data class Offer(
    override val cid: CallId,
    val session: SessionNo,
    val sdp: Sdp,
    val ice: List<IceServer>,
) : FromStation

/** Holds a password, so it does not print. */
data class IceServer(val urls: List<String>, val username: String?, val credential: String?) {
    override fun toString(): String = "IceServer($urls)"
}

data class Selected(override val cid: CallId) : FromStation

data class Held(override val cid: CallId, val on: Boolean) : FromStation

data class Warning(override val cid: CallId, val endsIn: Duration) : FromStation

data class Ended(
    override val cid: CallId,
    val status: Status,
    val reason: Reason,
    val answeredBy: String?,
) : FromStation,
    Pushed

data class ChallengeIs(val nonce: Nonce, val lasts: Duration) : FromStation

/** `ok`, which says no more than the request says that it does. */
data class Done(
    override val cid: CallId? = null,
    val link: String? = null,
    val lasts: Duration? = null,
    val handsets: List<Paired>? = null,
) : FromStation

data class Paired(
    val id: HandsetId,
    val label: Label,
    val rights: List<Right>,
    val doors: List<DoorName>,
)

/** `error`. */
data class Failed(
    val code: Code,
    /** For a log. */
    val detail: String = "",
    val retryIn: Duration? = null,
    val answeredBy: String? = null,
    /** To somebody who may not have it yet. */
    val key: PublicKey? = null,
) : FromStation
