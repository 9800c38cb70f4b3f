// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.door

import org.intercomd.phone.keys.Nonce
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.message.Action
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Challenge
import org.intercomd.phone.link.message.ChallengeIs
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.time.Moment
import org.intercomd.phone.time.earliest
import org.intercomd.phone.words.Code
import kotlin.time.Duration.Companion.seconds

/** What opening a door has come to. */
sealed interface DoorProgress {
    /** The station was asked for a challenge. */
    data class Asking(val cid: CallId?) : DoorProgress

    /** The action key is to sign, for which a phone asks its user. */
    data class Signing(val nonce: Nonce, val until: Moment) : DoorProgress

    data object Opening : DoorProgress

    data class Opened(val until: Moment) : DoorProgress

    data class Refused(val error: Failed, val until: Moment) : DoorProgress

    /** It has yet to be seen what comes of it. */
    val isUnderWay: Boolean
        get() = when (this) {
            is Asking, is Signing, Opening -> true
            is Opened, is Refused -> false
        }
}

sealed interface DoorEffect {
    data class Ask(val request: Request) : DoorEffect

    /** Let the action key sign this, and say [Doors.signed] or [Doors.notSigned]. */
    class Sign(val door: DoorName, val text: ByteArray) : DoorEffect
}

/** Opening doors: a challenge, signed with the key that does nothing else. */
class Doors(private val station: Thumbprint, private val handset: Thumbprint) {
    var progress: Map<DoorName, DoorProgress> = emptyMap()
        private set

    /** [cid] is that of the present call. */
    fun open(door: DoorName, cid: CallId?): DoorEffect? {
        if (progress[door]?.isUnderWay == true) return null
        progress += door to DoorProgress.Asking(cid)
        return DoorEffect.Ask(Challenge(door))
    }

    fun answered(request: Request, answer: FromStation, now: Moment): DoorEffect? {
        when (request) {
            is Challenge -> return challenged(request.door, answer, now)
            is Action -> acted(request.door, answer, now)
            else -> Unit
        }
        return null
    }

    fun signed(door: DoorName, signature: ByteArray): DoorEffect? {
        val signing = progress[door] as? DoorProgress.Signing ?: return null
        progress += door to DoorProgress.Opening
        return DoorEffect.Ask(Action(door, signing.nonce, signature))
    }

    /** The person said no, or the key cannot be used. */
    fun notSigned(door: DoorName, now: Moment) {
        if (progress[door] is DoorProgress.Signing) refuse(door, Failed(Code.Stopped), now)
    }

    fun tick(now: Moment) {
        for ((door, step) in progress) {
            if (step.until()?.let { it <= now } != true) continue
            if (step is DoorProgress.Signing) {
                refuse(door, Failed(Code.BadChallenge), now)
            } else {
                progress -= door
            }
        }
    }

    fun due(): Moment? = earliest(progress.values.map { it.until() })

    private fun challenged(door: DoorName, answer: FromStation, now: Moment): DoorEffect? {
        val asking = progress[door] as? DoorProgress.Asking ?: return null
        if (answer !is ChallengeIs) {
            refuse(door, answer as? Failed ?: Failed(Code.Failed), now)
            return null
        }
        progress += door to DoorProgress.Signing(answer.nonce, now + answer.lasts)
        val text = openText(station, handset, door, asking.cid, answer.nonce)
        return DoorEffect.Sign(door, text)
    }

    private fun acted(door: DoorName, answer: FromStation, now: Moment) {
        if (answer is Failed) {
            refuse(door, answer, now)
        } else {
            progress += door to DoorProgress.Opened(now + TOLD_FOR)
        }
    }

    private fun refuse(door: DoorName, error: Failed, now: Moment) {
        progress += door to DoorProgress.Refused(error, now + TOLD_FOR)
    }

    private fun DoorProgress.until(): Moment? = when (this) {
        is DoorProgress.Signing -> until
        is DoorProgress.Opened -> until
        is DoorProgress.Refused -> until
        is DoorProgress.Asking, DoorProgress.Opening -> null
    }

    private companion object {
        val TOLD_FOR = 6.seconds
    }
}
