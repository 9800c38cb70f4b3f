// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.StateIs
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.Status
import kotlin.time.Duration.Companion.seconds

/**
 * What this handset knows of calls. The station decides; what it says is how it is. Nothing here
 * waits, reads a clock or touches the phone.
 */
data class Calls(
    /** How things stood when the station was last heard. */
    val station: StateIs? = null,
    val isLinked: Boolean = false,
    val call: Call? = null,
    /** Since when neither link nor media of the call reach the station. */
    val goneSince: Moment? = null,
    /** The latest first. */
    val story: List<EndedCall> = emptyList(),
) {
    /** When the state changes by itself. */
    fun due(): Moment? {
        val call = call ?: return null
        return when (val phase = call.phase) {
            is Phase.Ringing -> phase.until

            // The station may have taken it for an answer without being asked again.
            is Phase.Answering -> phase.until + STAYS_FOR

            Phase.Calling, Phase.Connecting, Phase.Ongoing -> goneSince?.plus(STAYS_FOR)

            // A request is out, and will be answered, if only by nobody.
            Phase.Dialling, is Phase.Leaving -> null
        }
    }

    internal fun with(change: Call.() -> Call): Calls = copy(call = call?.change())

    internal fun isAbout(cid: CallId): Boolean = call?.cid == cid

    /** Whether the person declined it and the station has yet to hear so. */
    internal fun isDeclined(cid: CallId): Boolean =
        story.any { it.cid == cid && it.ending.isGuess && it.ending.status == Status.Rejected }

    internal fun watched(now: Moment): Calls {
        val isGone = call != null && !isLinked && call.mediaState != MediaState.Connected
        return copy(goneSince = if (isGone) goneSince ?: now else null)
    }

    companion object {
        /** Without the station: its own usual grace time. */
        val STAYS_FOR = 10.seconds

        /** Of a ring of which the station does not say how long. */
        val RINGS_FOR = 45.seconds

        internal const val REMEMBERED = 20
    }
}
