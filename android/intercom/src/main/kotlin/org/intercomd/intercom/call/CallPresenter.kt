// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.call

import org.intercomd.intercom.audio.Route
import org.intercomd.intercom.audio.Sound
import org.intercomd.intercom.call.Notice.Ring.Manner
import org.intercomd.intercom.telecom.Announcement
import org.intercomd.intercom.telecom.Cause
import org.intercomd.intercom.telecom.Telecom
import org.intercomd.intercom.telecom.TelecomCall
import org.intercomd.intercom.telecom.TelecomState
import org.intercomd.intercom.telecom.causeOfEnding
import org.intercomd.intercom.telecom.causeOfLeaving
import org.intercomd.intercom.telecom.telecomState
import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Call
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.EndedCall
import org.intercomd.phone.call.Ending
import org.intercomd.phone.call.Phase
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.Status
import kotlin.time.Duration.Companion.seconds

/**
 * Shows Android what the calls of one station do, and tells the station what Android wants of them.
 * It lives on the main thread. What this side leaves is over here at once, whenever the station
 * hears of it.
 */
class CallPresenter(
    val station: Station,
    private val phone: Phone,
    private val telecom: Telecom,
    private val notices: Notices,
    private val service: CallService,
    private val audio: OwnAudio,
    private val timer: Timer,
    private val changed: () -> Unit = {},
    /** The person is in this call now, or is about to be. */
    private val entered: () -> Unit = {},
    settings: StationSettings = StationSettings(),
) {
    var settings = settings
        private set
    private var shown: Shown? = null
    private var announced = 0
    private var hasAudio = false
    private var story: List<EndedCall> = emptyList()
    private var declined: CallId? = null

    var doors: List<Door> = emptyList()
        private set

    /** How the ring that was to be seen ended elsewhere, for as long as that is told. */
    var elsewhere: Ending? = null
        private set

    /** What is to be seen now; a ring of which Telecom has yet to say something is not. */
    val notice: Notice?
        get() = shown?.notice

    val call: Call?
        get() = shown?.call

    val sound: Sound
        get() {
            val shown = shown ?: return Sound()
            return (shown.connection ?: return audio.sound).sound
        }

    /** What phone-core says, as often as it likes. [opening] is how far doors have come. */
    fun show(calls: Calls, opening: Map<DoorName, DoorProgress> = emptyMap()) {
        doors = doorsOf(calls, opening)
        val call = calls.call?.takeUnless { it.phase is Phase.Leaving }
        shown?.let { if (call == null || !it.becomes(call)) close(it, calls) }
        tell(calls.story)
        if (call != null) {
            elsewhere = null
            present(call)
        }
        changed()
    }

    /** A ring that is there already becomes as the person now wants it. */
    fun change(settings: StationSettings) {
        this.settings = settings
        shown?.let { present(it.call) }
        changed()
    }

    /** No more calls of this station are shown. */
    fun stop() {
        elsewhere = null
        doors = emptyList()
        shown?.let { close(it, Calls()) }
        notices.clearRevoked()
        changed()
    }

    /** The station ended the pairing. Nobody would notice: it only never rings again. */
    fun revoked() {
        stop()
        notices.revoked(station)
    }

    /** Telecom has made its side of a call that was announced; false if that is over. */
    fun created(number: Int, connection: TelecomCall): Boolean {
        val shown = shown?.takeIf { it.number == number && it.isAnnounced } ?: return false
        shown.isAnnounced = false
        shown.connection = connection
        shown.isNew = true
        shown.isTaken = !shown.isIncoming
        refresh(shown)
        timer.after(TELECOM_REJECTS_IN) {
            shown.isNew = false
            taken(shown)
        }
        return true
    }

    /** Telecom does not want that call. It rings all the same. */
    fun refused(number: Int) = ring(number)

    /** Telecom leaves it to this app to show that it rings. */
    fun showRing(number: Int) {
        shown?.takeIf { it.number == number }?.let(::taken)
        ring(number)
    }

    /** On a headset, by the person; or by Telecom, beside a call that rings or is being dialled. */
    fun reject() {
        val shown = shown ?: return
        if (!shown.isNew) return leave()
        // Nobody is that fast: it rings all the same.
        shown.connection?.disconnect(Cause.Rejected)
        shown.connection = null
        refused(shown.number)
    }

    /** The visitor pressed again. */
    fun ringOnce() {
        val ring = notice as? Notice.Ring ?: return
        val isInTelecom = shown?.connection != null
        if (ring.manner == Manner.Loud) notices.ring(ring, isInTelecom)
    }

    fun answer() = phone.press(Button.Answer)

    /** To decline and to hang up are the same wish at different times. */
    fun leave() {
        val shown = shown ?: return
        // Telecom waits for this, and phone-core may have to ask the station first.
        shown.connection?.disconnect(causeOfLeaving(shown.call))
        shown.connection = null
        shown.isAnnounced = false
        shown.isLeft = true
        val rings = shown.call.phase is Phase.Ringing
        phone.press(if (rings) Button.Decline else Button.HangUp)
    }

    /** [cid] was rung by a process that died, perhaps, and has yet to ring in this one. */
    fun decline(cid: CallId?) {
        if (shown != null || cid == null) return leave()
        declined = cid
        timer.after(RINGS_ANEW_IN) { declined = null }
    }

    fun silence() = phone.press(Button.Silence)

    fun mute(isMuted: Boolean) {
        // A headset, a watch or a car may have muted the whole phone.
        if (!isMuted) audio.unmute()
        phone.press(Button.Mute(isMuted))
    }

    fun openDoor(door: DoorName) = phone.openDoor(door)

    /** Where this call is to be heard. */
    fun choose(route: Route) {
        val shown = shown ?: return
        shown.connection?.choose(route) ?: audio.choose(route)
    }

    /** Telecom or Android says that [sound] is another one. */
    fun soundChanged() = changed()

    /** Another call on this phone, whoever's, is the one that the person is in. */
    fun giveWay() {
        val shown = shown ?: return
        if (shown.call.phase !is Phase.Ringing && !shown.isPaused) hold(true)
    }

    /** Another call on this phone comes first, or is over. Sound stops before the station agrees. */
    fun hold(isPaused: Boolean) {
        val shown = shown ?: return
        shown.isPaused = isPaused
        phone.pauseSound(isPaused)
        phone.press(Button.Hold(isPaused))
        refresh(shown)
        if (!isPaused) entered()
    }

    private fun ring(number: Int) {
        val shown = shown?.takeIf { it.number == number && !it.mayRing } ?: return
        shown.mayRing = true
        refresh(shown)
        changed()
    }

    private fun present(call: Call) {
        if (call.phase is Phase.Ringing && declined != null && call.cid == declined) {
            declined = null
            return phone.press(Button.Decline)
        }
        val shown = shown ?: Shown(call, ++announced).also { this.shown = it }
        val isJoined = call.phase == Phase.Ongoing && shown.call.phase != Phase.Ongoing
        shown.call = call
        if (call.phase is Phase.Ringing) goOn(shown)
        // Telecom would have headsets, watches and cars ring, and get in the way of other calls.
        val isAside = settings.isQuiet && call.phase is Phase.Ringing
        if (!isAside && !shown.isTold) announce(shown)
        refresh(shown)
        // The station knows of no hold before.
        if (isJoined && shown.isPaused) phone.press(Button.Hold(true))
    }

    /** An answer that was not taken, perhaps: a ring waits for no other call. */
    private fun goOn(shown: Shown) {
        if (!shown.isPaused) return
        shown.isPaused = false
        phone.pauseSound(false)
    }

    /** For Telecom a call that comes in rings at first, whatever it is told. */
    private fun taken(shown: Shown) {
        shown.isTaken = true
        if (shown === this.shown) refresh(shown)
    }

    private fun announce(new: Shown) {
        new.isTold = true
        val isVideo = new.call.media == Media.Video
        val isTold =
            telecom.announce(Announcement(station, new.number, new.isIncoming, isVideo))
        new.isAnnounced = isTold
        new.mayRing = !isTold
        if (isTold) timer.after(TELECOM_ANSWERS_IN) { ring(new.number) }
    }

    private fun refresh(shown: Shown) {
        val (call, before) = shown.call to shown.notice
        val state = telecomState(call, shown.isIncoming, shown.isPaused)
        shown.connection?.become(if (shown.isTaken) state else TelecomState.Ringing)
        val now = notice(station, call, settings, shown.isPaused)
            .takeIf { it !is Notice.Ring || it.manner == Manner.Aside || shown.mayRing }
        if (now != before) {
            shown.notice = now
            clear(shown, before, now)
        }
        if (now is Notice.Ring) {
            ring(shown, now)
        } else if (now != before) {
            post(now)
        }
        val isHeard = call.phase.isInCall && !shown.isPaused && !shown.isLeft
        lookAfterAudio(isHeard && shown.connection == null)
        if (now is Notice.Ongoing && before !is Notice.Ongoing) entered()
    }

    /** Other stations may do so at the same time. */
    private fun lookAfterAudio(isOurs: Boolean) {
        if (isOurs == hasAudio) return
        hasAudio = isOurs
        if (isOurs) audio.begin() else audio.end()
    }

    private fun clear(shown: Shown, before: Notice?, now: Notice?) {
        if (before is Notice.Ring && now !is Notice.Ring) {
            shown.ring = null
            notices.clearRing()
        }
        if (before.isAwaited && !now.isAwaited) notices.clearOngoing()
        if (before.isJoined && !now.isJoined) service.abort()
    }

    private val Notice?.isAwaited
        get() = this is Notice.Ongoing && !isJoined

    private val Notice?.isJoined
        get() = this is Notice.Ongoing && isJoined

    /** One that could not be shown is tried again: Telecom may have come meanwhile. */
    private fun ring(shown: Shown, now: Notice.Ring) {
        if (now.isShownBy(shown.ring)) return
        val isShown = notices.ring(now, isInTelecom = shown.connection != null)
        shown.ring = now.takeIf { isShown }
    }

    private fun post(now: Notice?) {
        if (now is Notice.Ongoing) {
            if (now.isJoined) service.launch() else notices.ongoing(now)
        }
    }

    private fun close(ended: Shown, calls: Calls) {
        shown = null
        ended.connection?.disconnect(cause(ended, calls))
        if (ended.isPaused) phone.pauseSound(false)
        lookAfterAudio(false)
        service.abort()
        notices.clearRing()
        notices.clearOngoing()
        val isLeft = ended.isLeft || calls.call?.phase is Phase.Leaving
        if (ended.isIncoming && ended.notice != null && !isLeft) tell(ending(ended, calls))
    }

    private fun cause(shown: Shown, calls: Calls): Cause {
        val isLeft = calls.call?.phase is Phase.Leaving
        if (isLeft) return causeOfLeaving(shown.call)
        return causeOfEnding(shown.call.direction, ending(shown, calls))
    }

    private fun ending(shown: Shown, calls: Calls): Ending? =
        calls.story.find { it.cid == shown.call.cid }?.ending

    private fun tell(ending: Ending?) {
        if (ending?.status != Status.Elsewhere && ending?.status != Status.Rejected) return
        elsewhere = ending
        timer.after(ELSEWHERE_TOLD_FOR) {
            if (elsewhere === ending) elsewhere = null
            changed()
        }
    }

    /** What was missed, and what turned out not to be. */
    private fun tell(now: List<EndedCall>) {
        for (call in now - story.toSet()) {
            val isMissed =
                call.ending.status == Status.Missed && call.direction == Direction.Outgoing
            if (isMissed) {
                notices.missed(Missed(station, call.cid, call.contact, settings.isQuiet))
            } else {
                notices.clearMissed(call.cid)
            }
        }
        story = now
    }

    private class Shown(var call: Call, val number: Int) {
        val isIncoming = call.direction == Direction.Outgoing
        var connection: TelecomCall? = null
        var notice: Notice? = null

        /** As it was shown last. */
        var ring: Notice.Ring? = null
        var mayRing = false
        var isPaused = false

        /** Telecom was asked to take part, or there is none. */
        var isTold = false

        /** Telecom has yet to make its side of the call. */
        var isAnnounced = false

        /** Telecom has just made it. */
        var isNew = false

        /** Telecom hears how the call stands. */
        var isTaken = false

        /** The person wants to be out of it, and phone-core is being told. */
        var isLeft = false

        /** One that is being dialled gets its number later. */
        fun becomes(now: Call): Boolean = call.cid == null || call.cid == now.cid
    }

    companion object {
        val TELECOM_ANSWERS_IN = 2.seconds
        val TELECOM_REJECTS_IN = 1.seconds
        val ELSEWHERE_TOLD_FOR = 3.seconds
        val RINGS_ANEW_IN = 15.seconds
    }
}
