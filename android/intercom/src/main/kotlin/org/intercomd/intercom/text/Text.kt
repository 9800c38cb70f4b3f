// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.text

/** A string of `res/values/strings.xml`, by its name there. */
enum class Text(val resource: String) {
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
    ChannelRing("intercom_channel_ring"),
    ChannelQuietRing("intercom_channel_quiet_ring"),
    ChannelAside("intercom_channel_aside"),
    ChannelOngoing("intercom_channel_ongoing"),
    ChannelMissed("intercom_channel_missed"),
    UnlockToAnswer("intercom_unlock_to_answer"),
    NoMicrophone("intercom_no_microphone"),
}
