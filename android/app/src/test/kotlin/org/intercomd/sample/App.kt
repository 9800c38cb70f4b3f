// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.sample

import android.app.Activity
import android.app.Application
import android.os.Handler
import android.os.Looper
import android.view.View
import org.intercomd.device.Device
import org.intercomd.device.DeviceOptions
import org.intercomd.device.StationPhone
import org.intercomd.intercom.Intercom
import org.intercomd.intercom.Options
import org.intercomd.intercom.call.Phone
import org.intercomd.intercom.call.Station
import org.intercomd.phone.call.Button
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.net.HandsetListener
import org.intercomd.phone.net.HandsetState

class App : Application() {
    override fun onCreate() {
        super.onCreate()
        Intercom.install(this, Options(picture = ::picture))
        Device.install(this, DeviceOptions("my app 1.0", ::CallsOf, ::doorTitle))
    }

    private fun picture(screen: Activity, station: Station): View? =
        Thumbprint.parse(station.id)?.let { Device.installed?.station(it) }?.pictureView(screen)

    private fun doorTitle(station: StationPhone, door: DoorName) =
        "${station.paired.name}: open $door"
}

/** Shows the calls of one station. What is told comes on its thread, or on the main one. */
class CallsOf(private val station: StationPhone) :
    HandsetListener,
    Phone {
    private val main = Handler(Looper.getMainLooper())
    private val id = station.paired.id.text
    private val calls by lazy {
        checkNotNull(Intercom.installed).add(Station(id, station.paired.name), this)
    }

    override fun changed(state: HandsetState) {
        main.post { calls.show(state.calls, state.doors) }
    }

    override fun ringOnce() {
        main.post { calls.ringOnce() }
    }

    override fun revoked() {
        // What was so when the app began was told earlier.
        main.post { if (!station.paired.isRevoked) calls.revoked() }
    }

    override fun press(button: Button) = station.live.press(button)

    override fun openDoor(door: DoorName) = station.live.openDoor(door)

    override fun pauseSound(isPaused: Boolean) = station.pauseSound(isPaused)
}
