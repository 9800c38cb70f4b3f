// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom

import android.app.Application
import android.content.Intent
import android.os.Looper
import android.os.SystemClock
import org.intercomd.intercom.call.CallPresenter
import org.intercomd.intercom.call.Phone
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.call.gate
import org.intercomd.intercom.call.standing
import org.intercomd.intercom.notification.notifications
import org.intercomd.intercom.service.OngoingCallService
import org.intercomd.intercom.telecom.AndroidTelecom
import org.intercomd.intercom.telecom.TelecomSystem
import org.intercomd.intercom.text.XmlTexts
import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.Event
import org.intercomd.phone.call.reduce
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.link.message.Accept
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.Ended
import org.intercomd.phone.link.message.Ring
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.rules.ExternalResource
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ServiceController
import org.robolectric.shadows.ShadowNotificationManager
import java.time.Duration
import kotlin.time.Duration.Companion.seconds

/** An app with one station, whose calls go through phone-core, in Robolectric's Android. */
internal class Installed :
    ExternalResource(),
    Phone {
    val application: Application = RuntimeEnvironment.getApplication()
    val pressed = mutableListOf<Button>()
    val opened = mutableListOf<DoorName>()
    var opening: Map<DoorName, DoorProgress> = emptyMap()
        set(value) {
            field = value
            calls.show(state, value)
        }
    var isPaused = false
        private set
    lateinit var calls: CallPresenter
    private var state = Calls()
    private var services = mutableListOf<ServiceController<OngoingCallService>>()

    val notifications: ShadowNotificationManager
        get() = shadowOf(application.notifications)

    override fun before() {
        shadowOf(application.packageManager).setSystemFeature("android.software.telecom", true)
        install()
    }

    override fun after() {
        startService()
        Intercom.uninstall()
        services.forEach { it.destroy() }
    }

    val intercom: Intercom
        get() = checkNotNull(Intercom.installed)

    fun install(
        options: Options = Options(),
        telecom: TelecomSystem = AndroidTelecom(application),
        stations: (Intercom) -> Unit = {},
    ): Intercom {
        val intercom = Intercom.install(application, options, XmlTexts(), telecom)
        stations(intercom)
        calls = intercom.add(STATION, this)
        return intercom
    }

    fun happens(event: Event) {
        state = state.reduce(event, Moment(SystemClock.elapsedRealtime())).state
        calls.show(state, opening)
    }

    fun rings(media: Media = Media.Video, cid: CallId = CID) =
        happens(Event.Said(Ring(cid, "Miller", 45.seconds, media)))

    /** The station says that there is a gate, and which call there is. */
    fun hasGate(isLocked: Boolean = false, status: Status = Status.Ringing) {
        happens(Event.LinkChanged(true))
        happens(Event.Said(standing(CID, status, doors = listOf(gate(isLocked)))))
    }

    /** It rings, and can be heard. */
    fun ringsAloud(media: Media = Media.Video, cid: CallId = CID) {
        rings(media, cid)
        pass(seconds = 2)
    }

    fun joins() {
        if (calls.call == null) rings()
        press(Button.Answer)
        happens(Event.Granted(Accept(CID), Done()))
    }

    fun ends(status: Status, by: String? = null) =
        happens(Event.Said(Ended(CID, status, Reason.of(status.word), by)))

    override fun press(button: Button) {
        pressed += button
        happens(Event.Pressed(button))
    }

    override fun openDoor(door: DoorName) {
        opened += door
    }

    override fun pauseSound(isPaused: Boolean) {
        this.isPaused = isPaused
    }

    fun pass(seconds: Long) = shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(seconds))

    /** What Android does some time after it was asked to. */
    fun startService(): ServiceController<OngoingCallService>? {
        val intent: Intent = shadowOf(application).nextStartedService ?: return null
        return Robolectric.buildService(OngoingCallService::class.java, intent)
            .create().startCommand(0, 1).also(services::add)
    }

    companion object {
        val STATION = Station("abc", "Front door")
        val CID = CallId(7)
    }
}
