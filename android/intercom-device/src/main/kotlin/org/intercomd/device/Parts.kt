// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device

import android.Manifest.permission.RECORD_AUDIO
import android.content.Context
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.os.Handler
import android.os.Looper
import android.os.SystemClock
import org.intercomd.device.keys.AndroidSeal
import org.intercomd.device.keys.AndroidVault
import org.intercomd.device.keys.ResumedActivity
import org.intercomd.device.keys.StationKeys
import org.intercomd.device.media.OneMediaThread
import org.intercomd.device.media.Peers
import org.intercomd.device.media.Pictures
import org.intercomd.device.media.SharedMicrophone
import org.intercomd.device.media.WebRtc
import org.intercomd.device.media.WebRtcPeers
import org.intercomd.device.pairings.Pairings
import org.intercomd.device.push.UnifiedPushDistributor
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.net.Clock
import org.intercomd.phone.time.Moment
import org.intercomd.phone.time.WallTime
import java.util.concurrent.Executors

/** What all stations of this phone share. */
internal open class Parts(context: Context, val options: DeviceOptions) {
    val main = Handler(Looper.getMainLooper())
    val clock = Clock { Moment(SystemClock.elapsedRealtime()) }
    val wall = { WallTime(System.currentTimeMillis()) }
    val entropy = Entropy.secure()

    /**
     * For disks and key stores, so that no handset's thread waits for them. The main thread does
     * where a station begins and where one is forgotten.
     */
    val worker = Executors.newSingleThreadExecutor { Thread(it, "device") }
    val pairings = Pairings(context.noBackupFilesDir.toPath().resolve("intercomd"))
    val keys = StationKeys(AndroidVault(), { AndroidVault.security(context) }, entropy)
    val seal = AndroidSeal()

    /** A screen comes back after the person was asked for the microphone, too. */
    val resumed = ResumedActivity { media.run { microphone.tryAgain() } }
    val media = OneMediaThread()
    val webRtc = WebRtc(context, options.microphoneFault)
    val microphone =
        SharedMicrophone(webRtc) {
            context.checkSelfPermission(RECORD_AUDIO) == PERMISSION_GRANTED
        }
    val distributor = UnifiedPushDistributor(context)

    open fun peers(pictures: Pictures): Peers = WebRtcPeers(webRtc, pictures, media)
}
