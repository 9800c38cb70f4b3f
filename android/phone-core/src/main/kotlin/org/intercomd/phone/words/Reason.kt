// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.words

/** Why a call ended. The statuses are reasons of their own; the others say more. */
enum class Reason(override val word: String) : Word {
    Ended("ended"),
    Busy("busy"),
    Rejected("rejected"),
    Cancelled("cancelled"),
    Unanswered("unanswered"),
    Missed("missed"),
    Elsewhere("elsewhere"),

    /** Failed, and whoever reported it did not know more, or said a word that is not known here. */
    Failed("failed"),

    /** Somebody opened the door by hand while the phones rang. */
    AnsweredAtDoor("answered_at_door"),
    DoNotDisturb("do_not_disturb"),
    MaxDuration("max_duration"),
    IceFailed("ice_failed"),
    IceTimeout("ice_timeout"),

    /** A session description could not be read, or did not fit. */
    BadDescription("bad_description"),

    /** The peer's certificate is not the one that was signed for. */
    Untrusted("untrusted"),

    /** Media stopped and did not come back within the grace period. */
    MediaTimeout("media_timeout"),

    /** The handset has no microphone to offer, or may not use it. */
    NoUserMedia("no_user_media"),
    OutOfResources("out_of_resources"),

    /** Listening in was asked for and this station cannot give notice of it. */
    Privacy("privacy"),

    /** The signalling was lost and did not come back. */
    TransportLost("transport_lost"),
    SessionTimeout("session_timeout"),
    WorkerCrashed("worker_crashed"),

    /** The contact has nobody paired who may answer. */
    NoHandset("no_handset"),

    /** No handset could be reached. */
    Unreachable("unreachable"),

    /** The handset was unpaired. */
    Revoked("revoked"),

    /** The daemon or the board stopped in the middle of it. */
    Interrupted("interrupted"),
    ;

    companion object {
        fun of(text: String): Reason = wordOf(text) ?: Failed
    }
}
