// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.MediaState

/** What happened. */
sealed interface Event {
    /** The station said something. */
    data class Said(val message: FromStation) : Event

    /** The person wants something. */
    data class Pressed(val button: Button) : Event

    /** The station did what it was asked. */
    data class Granted(val request: Request, val answer: FromStation) : Event

    /** It did not, or nobody knows whether it did. */
    data class Refused(val request: Request, val error: Failed) : Event

    data class MediaChanged(val cid: CallId, val state: MediaState) : Event

    data class LinkChanged(val isLinked: Boolean) : Event

    /** The station says that this handset is not paired any more. */
    data object Revoked : Event

    data object TimePassed : Event
}

/** What a person can want, on the screen, in a notification or on a headset alike. */
sealed interface Button {
    data object Answer : Button

    data object Decline : Button

    data object HangUp : Button

    data object Silence : Button

    data class Mute(val on: Boolean) : Button

    data class Hold(val on: Boolean) : Button

    /** Call the station. */
    data class Call(val media: Media) : Button

    /** Listen in. */
    data class Listen(val media: Media) : Button
}
