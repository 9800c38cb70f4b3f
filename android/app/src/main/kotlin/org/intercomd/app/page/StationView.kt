// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.intercom.call.StationSettings
import org.intercomd.phone.call.Phase
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.Farewell
import org.intercomd.phone.link.Link
import org.intercomd.phone.net.HandsetState

/** A station as far as it is known here. */
data class StationView(
    val id: Thumbprint,
    val name: String,
    val state: HandsetState = HandsetState(),
    /** It does not know this phone any more. */
    val isRevoked: Boolean = false,
    /** What did not work just now. */
    val trouble: Saying? = null,
    val settings: StationSettings = StationSettings(),
) {
    val isLinked: Boolean
        get() = state.link.word == Link.Word.Connected && !isRevoked

    /** How it stands, in one line. */
    val standing: Saying
        get() {
            val call = state.calls.call
            return when {
                isRevoked -> Saying(Text.NotPaired)
                call != null -> doing(call.phase)
                !isLinked -> away()
                else -> there()
            }
        }

    private fun doing(phase: Phase): Saying = Saying(
        when (phase) {
            is Phase.Ringing -> Text.RingsHere
            Phase.Dialling, Phase.Calling -> Text.CallsPanel
            is Phase.Answering, Phase.Connecting, Phase.Ongoing, is Phase.Leaving -> Text.InCallHere
        },
    )

    private fun away(): Saying {
        val why = state.link.why
        val isWrongKey = why is Farewell.Closed && why.hint == WRONG_KEY
        return when {
            isWrongKey -> Saying(Text.WrongKey)
            why == null && state.link.word == Link.Word.Connecting -> Saying(Text.Connecting)
            else -> Saying(Text.NotReached)
        }
    }

    private fun there(): Saying {
        val busy = state.calls.station?.busy ?: return Saying(Text.Ready)
        return busy.by?.let { Saying(Text.BusyBy, it) } ?: Saying(Text.Busy)
    }

    private companion object {
        /** phone-net's word. */
        const val WRONG_KEY = "wrong_key"
    }
}
