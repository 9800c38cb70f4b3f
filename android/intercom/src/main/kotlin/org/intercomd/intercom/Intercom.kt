// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom

import android.app.Activity
import android.app.Application
import android.content.Intent
import android.os.Build
import android.os.Handler
import android.os.Looper
import android.os.PowerManager
import android.provider.Settings
import android.view.View
import org.intercomd.intercom.audio.AndroidAudio
import org.intercomd.intercom.call.CallPresenter
import org.intercomd.intercom.call.CallService
import org.intercomd.intercom.call.Notice
import org.intercomd.intercom.call.Phone
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.call.StationSettings
import org.intercomd.intercom.notification.AndroidNotices
import org.intercomd.intercom.notification.CallIntents
import org.intercomd.intercom.notification.CallNotifications
import org.intercomd.intercom.notification.Channels
import org.intercomd.intercom.notification.notifications
import org.intercomd.intercom.permission.NeededPermission
import org.intercomd.intercom.permission.RingConditions
import org.intercomd.intercom.permission.isGranted
import org.intercomd.intercom.permission.ringConditions
import org.intercomd.intercom.service.OngoingCall
import org.intercomd.intercom.service.OngoingCallService
import org.intercomd.intercom.service.ServiceConditions
import org.intercomd.intercom.telecom.AndroidTelecom
import org.intercomd.intercom.telecom.TelecomGateway
import org.intercomd.intercom.telecom.TelecomSystem
import org.intercomd.intercom.text.ResourceTexts
import org.intercomd.intercom.text.Texts
import kotlin.time.Duration

/**
 * The calls of this phone, towards Android. There is one in a process, made by the application's
 * `onCreate`: Android starts services and receivers without asking who is there. Everything here
 * is of the main thread.
 */
class Intercom internal constructor(
    private val application: Application,
    private val options: Options,
    internal val texts: Texts,
    telecom: TelecomSystem,
) {
    private val channels = Channels(application, texts, options.ringtone)
    private val look = CallNotifications(application, texts, channels)
    private val gateway = TelecomGateway(telecom)
    private val audio = AndroidAudio(application, ::changed)
    private val visible = VisibleActivities(::lookAgain)
    private val main = Handler(Looper.getMainLooper())
    private val awake =
        application.getSystemService(PowerManager::class.java)
            ?.newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "intercom:ring")
            ?.apply { setReferenceCounted(false) }
    private val stations = LinkedHashMap<String, CallPresenter>()
    private val watchers = LinkedHashSet<() -> Unit>()

    init {
        channels.create()
        gateway.register()
        application.registerActivityLifecycleCallbacks(visible)
        application.notifications.cancel(AndroidNotices.SERVICE)
    }

    /** Its calls are to be shown by [CallPresenter.show] from now on. */
    fun add(
        station: Station,
        phone: Phone,
        settings: StationSettings = StationSettings(),
    ): CallPresenter {
        stop(station.id)
        channels.add(station)
        val notices =
            AndroidNotices(
                application,
                station.id,
                look,
                conditions = ::conditions,
                ongoingLook = options::ongoing,
                isVisible = visible::isAny,
            )
        // What a process that died had shown.
        notices.clearRing()
        notices.clearOngoing()
        val presenter =
            CallPresenter(
                station,
                phone,
                gateway,
                notices,
                service,
                audio,
                timer = ::after,
                changed = ::changed,
                entered = { others(station.id).forEach { it.giveWay() } },
                settings = settings,
            )
        stations[station.id] = presenter
        return presenter
    }

    fun change(station: String, settings: StationSettings) {
        calls(station)?.change(settings)
    }

    /** It is not paired any more. Paired again, it rings as the person last chose. */
    fun remove(station: String) {
        stop(station)
        channels.remove(station)
    }

    /** These are all there are, those that are yet to be added included. */
    fun keepOnly(stations: Set<String>) {
        (this.stations.keys - stations).forEach(::remove)
        channels.keepOnly(stations)
    }

    /** A phone that a push has woken would fall asleep before a ring is to be heard. */
    private fun after(delay: Duration, act: () -> Unit) {
        val millis = delay.inWholeMilliseconds
        awake?.acquire(millis + A_MOMENT)
        main.postDelayed(act, millis)
    }

    private fun stop(station: String) {
        stations.remove(station)?.stop()
    }

    /** The page of the system's settings where the person chooses how this station rings. */
    fun ringSettings(station: String): Intent =
        Intent(Settings.ACTION_CHANNEL_NOTIFICATION_SETTINGS)
            .putExtra(Settings.EXTRA_APP_PACKAGE, application.packageName)
            .putExtra(Settings.EXTRA_CHANNEL_ID, channels.ring(station))

    fun calls(station: String): CallPresenter? = stations[station]

    private fun others(station: String) = stations.values.filter { it.station.id != station }

    /** The screen of what this station's call is doing; null where none is to be seen. */
    fun screen(station: String): Intent? {
        val intents = CallIntents(application, station)
        return when (calls(station)?.notice) {
            is Notice.Ring -> intents.ring()
            is Notice.Ongoing -> intents.call()
            null -> null
        }
    }

    /** The screen of a call that another than this station has with this phone. */
    internal fun otherCall(station: String): Intent? =
        joined(others(station))?.let { screen(it.station.id) }

    /** What Android lets a ring do at the moment; its `problems` are for the person to mend. */
    fun conditions(): RingConditions {
        val turnedOff = stations.values.map { it.station }.filterNot { channels.isOn(it.id) }
        return application.ringConditions(turnedOff, isTelecomThere = gateway.isRegistered)
    }

    internal val ongoingChannel: String
        get() = channels.ongoing

    /** The call that the person is in, or was in last. */
    private fun joined(among: Collection<CallPresenter>): Notice.Ongoing? {
        val calls = among.mapNotNull { it.notice as? Notice.Ongoing }.filter { it.isJoined }
        val heard = calls.filterNot { it.isPaused }.ifEmpty { calls }
        return heard.maxByOrNull { it.talkingSince?.millis ?: Long.MAX_VALUE }
    }

    internal fun ongoing(): OngoingCall? {
        val call = joined(stations.values) ?: return null
        val conditions =
            ServiceConditions(
                sdk = Build.VERSION.SDK_INT,
                mayRecord = application.isGranted(NeededPermission.Microphone.permission),
                films = options.sendsPicture && application.isGranted(CAMERA),
                isVisible = visible.isAny(),
            )
        return OngoingCall(
            conditions,
            styled = look.ongoing(call, options.ongoing, isOfService = true),
            plain = look.ongoing(call, options.ongoing, isOfService = false),
        )
    }

    /** What may be done has changed: the app came to be seen, or a permission was given. */
    internal fun lookAgain() = OngoingCallService.launch(application)

    private fun changed() = watchers.toList().forEach { it() }

    /** Another app's call is to be heard. */
    internal fun giveWay() = stations.values.forEach { it.giveWay() }

    internal fun watch(watcher: () -> Unit) {
        watchers += watcher
    }

    internal fun unwatch(watcher: () -> Unit) {
        watchers -= watcher
    }

    internal fun picture(screen: Activity, station: Station): View? =
        options.picture(screen, station)

    /** One for all stations. */
    private val service = object : CallService {
        override fun launch() = OngoingCallService.launch(application)

        override fun abort() {
            val isOver = ongoing() == null
            if (isOver) OngoingCallService.abort(application) else launch()
        }
    }

    companion object {
        private const val A_MOMENT = 1_000L
        private const val CAMERA = "android.permission.CAMERA"

        var installed: Intercom? = null
            private set

        fun install(application: Application, options: Options = Options()): Intercom =
            install(application, options, ResourceTexts(application), AndroidTelecom(application))

        internal fun install(
            application: Application,
            options: Options,
            texts: Texts,
            telecom: TelecomSystem,
        ): Intercom {
            uninstall()
            return Intercom(application, options, texts, telecom).also { installed = it }
        }

        internal fun uninstall() {
            val intercom = installed ?: return
            intercom.stations.keys.toList().forEach(intercom::stop)
            intercom.application.unregisterActivityLifecycleCallbacks(intercom.visible)
            installed = null
        }
    }
}
