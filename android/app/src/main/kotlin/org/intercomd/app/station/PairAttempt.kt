// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.station

import org.intercomd.app.page.PairState
import org.intercomd.app.page.Written
import org.intercomd.app.text.Saying
import org.intercomd.device.Device

/** How far pairing has come, whichever screen shows it: one may be made anew meanwhile. */
class PairAttempt(private val device: () -> Device, private val changed: () -> Unit) {
    var state: PairState = PairState.Writing()
        private set

    /** [news]: what the person is told meanwhile. One that is under way goes on. */
    fun write(news: Saying? = null) {
        if (state !is PairState.Waiting) become(PairState.Writing(news))
    }

    fun begin(written: Written.Fits) {
        val (invitation, label) = written
        if (state is PairState.Waiting) return
        become(PairState.Waiting(invitation.name))
        device().pair(invitation, label) { become(state(it, invitation.name)) }
    }

    private fun state(outcome: Device.Outcome, name: String): PairState = when (outcome) {
        is Device.Outcome.Paired -> PairState.Paired(name, outcome.station.paired.id)
        is Device.Outcome.Refused -> PairState.Refused(outcome.error.code)
        Device.Outcome.NoScreenLock -> PairState.NoScreenLock
        is Device.Outcome.Impossible -> PairState.Impossible
    }

    private fun become(state: PairState) {
        this.state = state
        changed()
    }
}
