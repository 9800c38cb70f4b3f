// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device

import android.app.KeyguardManager
import android.content.ComponentName
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ActivityInfo
import android.os.Handler
import android.os.Looper
import org.intercomd.device.keys.AndroidSeal
import org.intercomd.device.keys.AndroidVault
import org.intercomd.device.keys.StationKeys
import org.intercomd.device.keystore.TestKeystore
import org.intercomd.device.media.NoPeer
import org.intercomd.device.media.Peer
import org.intercomd.device.media.PeerNews
import org.intercomd.device.media.Peers
import org.intercomd.device.media.Pictures
import org.intercomd.device.media.Sound
import org.intercomd.device.pairings.PairedStation
import org.intercomd.device.pairings.Pairings
import org.intercomd.device.push.KeptPushKeys
import org.intercomd.device.push.KeysElsewhere
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.HandsetId
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.net.HandsetListener
import org.intercomd.phone.net.HandsetState
import org.intercomd.phone.push.PushKeys
import org.intercomd.phone.vectors.Vectors
import org.intercomd.phone.words.VideoCodec
import org.junit.Assert.fail
import org.junit.rules.ExternalResource
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.unifiedpush.android.connector.UnifiedPush
import java.security.Security

/** A phone with Android Keystore and a screen lock, an app, and a distributor; without WebRTC. */
internal class TestPhone : ExternalResource() {
    val application = RuntimeEnvironment.getApplication()
    val pairings = Pairings(application.noBackupFilesDir.toPath().resolve("intercomd"))
    val vault = AndroidVault()
    val keys =
        StationKeys(vault, { AndroidVault.security(application) }, Entropy.secure())
    private val main = Handler(Looper.getMainLooper())
    private var process = 0

    /** What the app shows: whatever it is told is shown on the main thread. */
    val told = ArrayList<Any>()
    var state = HandsetState()
        private set

    val isLinked: Boolean
        get() = state.link.word == Link.Word.Connected

    override fun before() {
        Security.addProvider(TestKeystore())
        hasScreenLock(true)
        addDistributor("org.example.push")
    }

    override fun after() {
        Device.uninstall()
        Security.removeProvider(TestKeystore.NAME)
        // The connector has it in a variable of the process, which all tests share.
        UnifiedPush.removeDistributor(application, KeysElsewhere)
    }

    fun hasScreenLock(hasOne: Boolean) {
        val guard = application.getSystemService(KeyguardManager::class.java)
        shadowOf(guard).setIsDeviceSecure(hasOne)
    }

    fun addDistributor(name: String) {
        val receiver = ActivityInfo()
        receiver.packageName = name
        receiver.name = "$name.Receiver"
        receiver.exported = true
        val packages = shadowOf(application.packageManager)
        packages.addOrUpdateReceiver(receiver)
        val component = ComponentName(name, receiver.name)
        packages.addIntentFilterForReceiver(component, IntentFilter(REGISTER))
    }

    /** The application's `onCreate`. */
    fun start(): Device = Device.install(application, TestParts())

    /** Its process ended, and another one begins. */
    fun startAnew(): Device {
        Device.uninstall()
        process += 1
        told.clear()
        state = HandsetState()
        return start()
    }

    /** In an earlier process. */
    fun isPaired(address: String = NOBODY): PairedStation {
        val station = PairedStation(
            key = Vectors.publicKey("station"),
            name = "House",
            pin = Srv(null),
            addresses = listOf(address),
            handset = HandsetId("h0123456789"),
            keys = keys.make(),
            asks = keys.asks(),
        )
        pairings.save(station)
        return station
    }

    fun pushKeys(station: PairedStation): PushKeys =
        checkNotNull(KeptPushKeys(pairings, station.id, AndroidSeal()).read())

    /** What the app asked the distributor. */
    fun asked(action: String): List<Intent> =
        shadowOf(application).broadcastIntents.filter { it.action == action }

    /** What waits for the main thread is done there. */
    fun settle() = shadowOf(Looper.getMainLooper()).idle()

    fun eventually(what: String, isSo: () -> Boolean) {
        repeat(LONG) {
            settle()
            if (isSo()) return
            Thread.sleep(10)
        }
        fail("never so: $what")
    }

    private inner class TestParts : Parts(application, options()) {
        override fun peers(pictures: Pictures): Peers = NoPeers
    }

    private fun options() = DeviceOptions(
        app = "test",
        listener = { Ears() },
        openDoorTitle = { station, door -> "${station.paired.name}: $door" },
    )

    /** What an earlier process had yet to show is not shown. */
    private inner class Ears(private val began: Int = process) : HandsetListener {
        override fun changed(state: HandsetState) {
            show {
                val rang = this@TestPhone.state.calls.call?.rings == true
                this@TestPhone.state = state
                if (!rang && state.calls.call?.rings == true) told += RINGS
            }
        }

        override fun answered(request: Request, answer: FromStation) {
            show { told += request }
        }

        override fun revoked() {
            show { told += REVOKED }
        }

        private fun show(act: () -> Unit) {
            main.post { if (began == process) act() }
        }
    }

    private object NoPeers : Peers {
        override val decodable = listOf(VideoCodec.H264)

        override fun open(offer: Offer, sound: Sound, news: PeerNews): Peer = throw NoPeer("none")
    }

    companion object {
        const val REGISTER = "org.unifiedpush.android.distributor.REGISTER"
        const val UNREGISTER = "org.unifiedpush.android.distributor.UNREGISTER"
        const val RINGS = "rings"
        const val REVOKED = "revoked"

        /** On the discard port nobody answers. */
        const val NOBODY = "127.0.0.1:9"

        /** Times ten milliseconds; what never comes is waited for so long. */
        private const val LONG = 3_000
    }
}
