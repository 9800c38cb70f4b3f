// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.audio

import android.media.AudioDeviceInfo

/** Null for what no call is heard through. */
internal fun routeOf(device: AudioDeviceInfo): Route? = when (device.type) {
    AudioDeviceInfo.TYPE_BUILTIN_EARPIECE -> Route.Earpiece

    AudioDeviceInfo.TYPE_BUILTIN_SPEAKER -> Route.Speaker

    AudioDeviceInfo.TYPE_WIRED_HEADSET,
    AudioDeviceInfo.TYPE_WIRED_HEADPHONES,
    AudioDeviceInfo.TYPE_USB_HEADSET,
    -> Route.WiredHeadset

    AudioDeviceInfo.TYPE_BLUETOOTH_SCO,
    AudioDeviceInfo.TYPE_HEARING_AID,
    AudioDeviceInfo.TYPE_BLE_HEADSET,
    -> Route.Bluetooth

    else -> null
}
