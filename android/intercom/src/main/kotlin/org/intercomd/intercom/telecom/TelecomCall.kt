// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

import org.intercomd.intercom.audio.Route
import org.intercomd.intercom.audio.Sound
import org.intercomd.intercom.call.Station
import org.intercomd.phone.call.Call
import org.intercomd.phone.call.Phase

/** A call as Android's Telecom knows it. */
interface TelecomCall {
    /** As Telecom says. */
    val sound: Sound

    fun become(state: TelecomState)

    /** By the person's choice. */
    fun choose(route: Route)

    /** Afterwards there is nothing more to be said about it; saying it again does nothing. */
    fun disconnect(cause: Cause)
}

enum class TelecomState { Ringing, Dialing, Active, OnHold }

/** What Telecom is told of a call that begins. */
data class Announcement(
    val station: Station,
    /** Tells it from the earlier ones, which Telecom may still be busy with. */
    val number: Int,
    val isIncoming: Boolean,
    val isVideo: Boolean,
)

/** Telecom, which may be missing, refuse, fail or never answer. */
fun interface Telecom {
    /** False if it cannot be asked; else the answer comes later, or not at all. */
    fun announce(call: Announcement): Boolean
}

internal fun telecomState(call: Call, isIncoming: Boolean, isPaused: Boolean): TelecomState =
    when (call.phase) {
        Phase.Connecting, Phase.Ongoing ->
            if (isPaused || call.isHeld) TelecomState.OnHold else TelecomState.Active

        // One that began as an outgoing call never rings for Telecom, whatever crossed its way.
        Phase.Dialling, Phase.Calling, is Phase.Ringing, is Phase.Answering, is Phase.Leaving ->
            if (isIncoming) TelecomState.Ringing else TelecomState.Dialing
    }
