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

enum class PracticeStage {
    None,

    /** It was asked for, and does not ring yet. */
    Awaited,

    /** The person heard it, and said so. */
    Answered,
}

/** A ring that no station has a part in: whether this phone would show and sound a real one. */
class PracticeRing(
    private val join: (Phone) -> (Calls) -> Unit,
    private val now: () -> Moment,
    private val after: (Duration, () -> Unit) -> Unit,
    private val changed: () -> Unit,
    /** Timers do not count while the phone sleeps, and it is to be locked meanwhile. */
    private val stayAwake: (Duration) -> Unit,
) : Phone {
    private var show: ((Calls) -> Unit)? = null
    private var round = 0

    var stage = PracticeStage.None
        private set

    fun begin() {
        if (stage == PracticeStage.Awaited) return
        end()
        become(PracticeStage.Awaited)
        stayAwake(BEGINS_IN + LASTS)
        after(BEGINS_IN, ::ring)
    }

    /** That it was heard does not need to be told any more. */
    fun understood() {
        if (stage == PracticeStage.Answered) become(PracticeStage.None)
    }

    override fun press(button: Button) {
        if (button is Button.Silence) {
            show?.invoke(calls(isSilenced = true))
        } else if (show != null) {
            end()
            become(PracticeStage.Answered)
        }
    }

    override fun openDoor(door: DoorName) = Unit

    override fun pauseSound(isPaused: Boolean) = Unit

    private fun ring() {
        become(PracticeStage.None)
        val mine = ++round
        show = join(this).also { it(calls(isSilenced = false)) }
        after(LASTS) { if (round == mine) end() }
    }

    private fun become(stage: PracticeStage) {
        this.stage = stage
        changed()
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
