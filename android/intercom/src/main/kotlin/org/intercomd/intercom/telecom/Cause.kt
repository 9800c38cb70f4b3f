// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

import org.intercomd.phone.call.Call
import org.intercomd.phone.call.Ending
import org.intercomd.phone.call.Phase
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Status

/** Why Telecom's side of a call is over: the codes of `android.telecom.DisconnectCause`. */
enum class Cause(val code: Int) {
    Error(1),
    Local(2),
    Remote(3),
    Canceled(4),
    Missed(5),
    Rejected(6),
    Busy(7),
    AnsweredElsewhere(11),
}

/** This handset asked to be out of [call]. */
internal fun causeOfLeaving(call: Call): Cause = when {
    call.phase is Phase.Ringing -> Cause.Rejected
    call.phase == Phase.Dialling || call.phase == Phase.Calling -> Cause.Canceled
    else -> Cause.Local
}

/** It ended so; null if nobody said how, as when the station refused to be called. */
internal fun causeOfEnding(direction: Direction, ending: Ending?): Cause = when (ending?.status) {
    // Nobody but this handset gives up a call by itself and calls it ended.
    Status.Ended -> if (ending.isGuess) Cause.Local else Cause.Remote

    Status.Busy -> Cause.Busy

    // For Telecom, only an incoming call is rejected.
    Status.Rejected -> if (direction == Direction.Outgoing) Cause.Rejected else Cause.Remote

    Status.Cancelled -> Cause.Canceled

    Status.Unanswered -> Cause.Remote

    Status.Missed -> Cause.Missed

    Status.Elsewhere -> Cause.AnsweredElsewhere

    Status.Failed, null -> Cause.Error

    Status.Initiated, Status.Ringing, Status.Connecting, Status.Ongoing -> Cause.Error
}
