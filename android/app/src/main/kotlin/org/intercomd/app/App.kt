// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app

import android.app.Application
import android.os.Handler
import android.os.Looper
import android.os.PowerManager
import android.os.SystemClock
import org.intercomd.app.page.parting
import org.intercomd.app.station.KeptSettings
import org.intercomd.app.station.PairAttempt
import org.intercomd.app.station.PracticeRing
import org.intercomd.app.station.Stations
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.device.Device
import org.intercomd.device.DeviceOptions
import org.intercomd.intercom.Intercom
import org.intercomd.intercom.Options
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.text.ResourceTexts
import org.intercomd.intercom.text.Texts
import org.intercomd.intercom.text.openDoor
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.time.Moment
import java.io.IOException

/** Joins the paired stations, which module intercom-device has, to Android, which intercom has. */
open class App : Application() {
    lateinit var texts: Texts
        private set
    lateinit var intercom: Intercom
        private set
    lateinit var stations: Stations
        private set
    lateinit var practice: PracticeRing
        private set
    val pairing = PairAttempt({ device }, changed = { stations.changed() })
    val device: Device
        get() = checkNotNull(Device.installed)

    override fun onCreate() {
        super.onCreate()
        texts = ResourceTexts(this)
        val main = Handler(Looper.getMainLooper())
        intercom = Intercom.install(
            this,
            Options(picture = { screen, station ->
                find(station.id)?.pictureView(screen)
            }),
        )
        val settings = KeptSettings(getSharedPreferences("stations", MODE_PRIVATE))
        stations = Stations(
            intercom,
            { main.post(it) },
            isPaired = { device.station(it) != null },
            settings,
        )
        practice = practice(main)
        val options = DeviceOptions(
            app = "intercomd for Android",
            listener = stations::listener,
            openDoorTitle = { phone, door ->
                "${phone.paired.name}: ${texts.of(openDoor(stations.label(phone.paired.id, door)))}"
            },
            signerTrouble = { phone, trouble -> stations.signerTrouble(phone.paired.id, trouble) },
        )
        Device.install(this, options)
        keepOnlyPaired(settings)
    }

    /** A process that ended amid forgetting left something behind. */
    private fun keepOnlyPaired(settings: KeptSettings) {
        val paired = device.stations.map { it.paired.id } + device.damaged.map { it.station }
        settings.keepOnly(paired.toSet())
        intercom.keepOnly(paired.map { it.text }.toSet() + PRACTICE)
    }

    /** Without asking the station. */
    fun forget(id: Thumbprint) {
        val parting =
            try {
                device.forget(id)
                parting(stations.view(id))
            } catch (_: IOException) {
                Saying(Text.ForgetFailed)
            }
        stations.forgotten(id, parting)
    }

    private fun find(station: String) = Thumbprint.parse(station)?.let(device::station)

    private fun practice(main: Handler): PracticeRing {
        val station = Station(PRACTICE, texts.of(Saying(Text.PracticeName)))
        val awake = checkNotNull(getSystemService(PowerManager::class.java))
            .newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "intercomd:practice")
            .apply { setReferenceCounted(false) }
        return PracticeRing(
            join = { phone -> intercom.add(station, phone)::show },
            now = { Moment(SystemClock.elapsedRealtime()) },
            after = { delay, act -> main.postDelayed(act, delay.inWholeMilliseconds) },
            changed = { stations.changed() },
            stayAwake = { awake.acquire(it.inWholeMilliseconds) },
        )
    }

    private companion object {
        const val PRACTICE = "practice"
    }
}
