// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.text

/** A string of some module's `res/values/strings.xml`. */
interface Phrase {
    /** Its name there. */
    val resource: String
}

/** Those of this module. */
enum class Text(override val resource: String) : Phrase {
    Accept("intercom_accept"),
    Decline("intercom_decline"),
    HangUp("intercom_hang_up"),
    Mute("intercom_mute"),
    Unmute("intercom_unmute"),
    Silence("intercom_silence"),
    Rings("intercom_rings"),
    RingsFor("intercom_rings_for"),
    Connecting("intercom_connecting"),
    Ongoing("intercom_ongoing"),
    OnHold("intercom_on_hold"),
    Muted("intercom_muted"),
    Missed("intercom_missed"),
    Revoked("intercom_revoked"),
    ChannelRing("intercom_channel_ring"),
    ChannelQuietRing("intercom_channel_quiet_ring"),
    ChannelAside("intercom_channel_aside"),
    ChannelOngoing("intercom_channel_ongoing"),
    ChannelMissed("intercom_channel_missed"),
    UnlockToAnswer("intercom_unlock_to_answer"),
    NoMicrophone("intercom_no_microphone"),
    OpenDoor("intercom_open_door"),
    Door("intercom_door"),
    DoorAsking("intercom_door_asking"),
    DoorSigning("intercom_door_signing"),
    DoorOpening("intercom_door_opening"),
    DoorOpened("intercom_door_opened"),
    DoorRefused("intercom_door_refused"),
    Elsewhere("intercom_elsewhere"),
    ElsewhereBy("intercom_elsewhere_by"),
    AnsweredAtDoor("intercom_answered_at_door"),
    DeclinedElsewhere("intercom_declined_elsewhere"),
    Over("intercom_over"),
    Sound("intercom_sound"),
    RouteEarpiece("intercom_route_earpiece"),
    RouteBluetooth("intercom_route_bluetooth"),
    RouteWiredHeadset("intercom_route_wired_headset"),
    RouteSpeaker("intercom_route_speaker"),
    RouteElsewhere("intercom_route_elsewhere"),
    CodeNotAllowed("intercom_code_not_allowed"),
    CodeRevoked("intercom_code_revoked"),
    CodePairingClosed("intercom_code_pairing_closed"),
    CodeBadToken("intercom_code_bad_token"),
    CodeWrongState("intercom_code_wrong_state"),
    CodeBusy("intercom_code_busy"),
    CodeAnswered("intercom_code_answered"),
    CodeRateLimited("intercom_code_rate_limited"),
    CodeLocked("intercom_code_locked"),
    CodeFault("intercom_code_fault"),
    CodeUnavailable("intercom_code_unavailable"),
    CodeUntrusted("intercom_code_untrusted"),
    CodeNoAnswer("intercom_code_no_answer"),
    CodeStopped("intercom_code_stopped"),
    CodeFailed("intercom_code_failed"),
}

/** A text with what is to stand in it, which may be texts again. */
data class Saying(val text: Phrase, val values: List<Any> = emptyList()) {
    constructor(text: Phrase, first: Any, vararg others: Any) : this(text, listOf(first) + others)
}
