// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.call

import org.intercomd.intercom.audio.Route
import org.intercomd.intercom.audio.Sound
import org.intercomd.intercom.telecom.Announcement
import org.intercomd.intercom.telecom.Cause
import org.intercomd.intercom.telecom.Telecom
import org.intercomd.intercom.telecom.TelecomCall
import org.intercomd.intercom.telecom.TelecomState
import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.Effect
import org.intercomd.phone.call.Event
import org.intercomd.phone.call.reduce
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.HandsetId
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.link.message.StateIs
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.DoorAlarm
import org.intercomd.phone.words.DoorContact
import org.intercomd.phone.words.DoorState
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.Status
import kotlin.time.Duration

/**
 * A phone with phone-core's own idea of calls, and with an Android that says what was done to it.
 * Telecom answers when a test lets it.
 */
internal class FakePhone(
    private val isTelecomThere: Boolean = true,
    private val connectsAtOnce: Boolean = false,
    /** Notifications are off, but for those of Telecom's calls. */
    private val needsTelecom: Boolean = false,
) : Phone,
    Notices,
    CallService,
    OwnAudio,
    Timer,
    Telecom {
    var calls = Calls()
        private set
    var now = Moment(0)
        private set
    val asked = ArrayDeque<Request>()
    val announced = mutableListOf<Announcement>()
    val connections = mutableListOf<FakeConnection>()
    private val timers = mutableListOf<Pair<Moment, () -> Unit>>()

    var ring: Notice.Ring? = null
    var heard = 0
    var awaited: Notice.Ongoing? = null
    val missed = mutableMapOf<CallId?, Missed>()
    var isServiceOn = false
    var isOwnAudio = false
    var isPaused = false
    var isPhoneMuted = false
    var entered = 0
    val opened = mutableListOf<DoorName>()
    var opening: Map<DoorName, DoorProgress> = emptyMap()
        set(value) {
            field = value
            presenter.show(calls, value)
        }
    override var sound = Sound()
    val presenter =
        CallPresenter(STATION, this, this, this, this, this, this, entered = { entered++ })

    fun happens(event: Event) {
        val known = announced.size
        val (state, effects) = calls.reduce(event, now)
        calls = state
        asked += effects.filterIsInstance<Effect.Ask>().map { it.request }
        presenter.show(calls, opening)
        if (Effect.RingOnce in effects) presenter.ringOnce()
        if (connectsAtOnce && announced.size > known) connect()
    }

    fun pass(duration: Duration) {
        now += duration
        val (due, later) = timers.partition { it.first <= now }
        timers.clear()
        timers += later
        due.forEach { it.second() }
    }

    /** Telecom makes its side of a call; null if that is not taken. */
    fun connect(number: Int = announced.last().number): FakeConnection? {
        val connection = FakeConnection()
        return connection.takeIf { presenter.created(number, it) }?.also(connections::add)
    }

    override fun press(button: Button) = happens(Event.Pressed(button))

    override fun openDoor(door: DoorName) {
        opened += door
    }

    override fun pauseSound(isPaused: Boolean) {
        this.isPaused = isPaused
    }

    override fun announce(call: Announcement): Boolean {
        if (isTelecomThere) announced += call
        return isTelecomThere
    }

    override fun ring(ring: Notice.Ring, isInTelecom: Boolean): Boolean {
        if (needsTelecom && !isInTelecom) return false
        this.ring = ring
        if (ring.manner == Notice.Ring.Manner.Loud) heard++
        return true
    }

    override fun clearRing() {
        ring = null
    }

    override fun ongoing(ongoing: Notice.Ongoing) {
        awaited = ongoing
    }

    override fun clearOngoing() {
        awaited = null
    }

    override fun missed(missed: Missed) {
        this.missed[missed.cid] = missed
    }

    override fun clearMissed(cid: CallId?) {
        missed -= cid
    }

    override fun revoked(station: Station) = Unit

    override fun clearRevoked() = Unit

    override fun launch() {
        isServiceOn = true
    }

    override fun abort() {
        isServiceOn = false
    }

    override fun begin() {
        check(!isOwnAudio) { "it has begun already" }
        isOwnAudio = true
    }

    override fun choose(route: Route) {
        sound = sound.copy(route = route)
    }

    override fun unmute() {
        isPhoneMuted = false
    }

    override fun end() {
        check(isOwnAudio) { "it has not begun" }
        isOwnAudio = false
    }

    override fun after(delay: Duration, act: () -> Unit) {
        timers += now + delay to act
    }

    companion object {
        val STATION = Station("abc", "Front door")
    }
}

internal class FakeConnection : TelecomCall {
    val states = mutableListOf<TelecomState>()
    val causes = mutableListOf<Cause>()
    override var sound = Sound()

    override fun become(state: TelecomState) {
        check(causes.isEmpty()) { "$state after the end" }
        if (states.lastOrNull() != state) states += state
    }

    override fun choose(route: Route) {
        sound = sound.copy(route = route)
    }

    override fun disconnect(cause: Cause) {
        causes += cause
    }
}

/** What the station says of a call and its doors, and of nothing else. */
internal fun standing(
    cid: CallId,
    status: Status,
    direction: Direction = Direction.Outgoing,
    media: Media = Media.Video,
    doors: List<StateIs.Door> = emptyList(),
): StateIs {
    val label = checkNotNull(Label.parse("Kitchen"))
    val oneself = StateIs.Oneself(HandsetId("h0123456789"), label, emptyList())
    val call = StateIs.Call(cid, status, direction, "Miller", media, null, false)
    return StateIs("Front door", oneself, doors, call, null)
}

internal val GATE = DoorName("gate")

internal fun gate(isLocked: Boolean = false): StateIs.Door {
    val (state, contact) = DoorState.Closed to DoorContact.Closed
    return StateIs.Door(GATE, "Gate", state, contact, DoorAlarm.Normal, isLocked)
}
