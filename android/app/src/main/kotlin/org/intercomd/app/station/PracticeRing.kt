// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.station

import org.intercomd.intercom.call.Phone
import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Call
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.Phase
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Media
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** A ring that no station has a part in: whether this phone would show and sound a real one. */
class PracticeRing(
    private val join: (Phone) -> (Calls) -> Unit,
    private val now: () -> Moment,
    private val after: (Duration, () -> Unit) -> Unit,
    private val changed: () -> Unit,
) : Phone {
    private var show: ((Calls) -> Unit)? = null
    private var round = 0

    /** It was asked for, and does not ring yet. */
    var isAwaited = false
        private set

    fun begin() {
        if (isAwaited) return
        end()
        isAwaited = true
        changed()
        after(BEGINS_IN, ::ring)
    }

    override fun press(button: Button) {
        if (button is Button.Silence) show?.invoke(calls(isSilenced = true)) else end()
    }

    override fun openDoor(door: DoorName) = Unit

    override fun pauseSound(isPaused: Boolean) = Unit

    private fun ring() {
        isAwaited = false
        changed()
        val mine = ++round
        show = join(this).also { it(calls(isSilenced = false)) }
        after(LASTS) { if (round == mine) end() }
    }

    private fun end() {
        val shown = show ?: return
        show = null
        shown(Calls())
    }

    private fun calls(isSilenced: Boolean): Calls {
        val phase = Phase.Ringing(now() + LASTS, isSilenced)
        return Calls(call = Call(null, phase, Direction.Outgoing, media = Media.Audio))
    }

    private companion object {
        /** Long enough to lock the phone. */
        val BEGINS_IN = 5.seconds
        val LASTS = 15.seconds
    }
}
