// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

import android.net.Uri
import android.os.Bundle
import android.telecom.PhoneAccount
import android.telecom.PhoneAccountHandle
import android.telecom.TelecomManager
import android.telecom.VideoProfile

/**
 * What this app finds again when Telecom comes back with the call. Strings only: Telecom runs in
 * the system, which knows no classes of this app.
 */
internal data class CallExtras(val station: String, val name: String, val number: Int) {
    constructor(call: Announcement) : this(call.station.id, call.station.name, call.number)

    /** For `addNewIncomingCall`. */
    fun incoming(isVideo: Boolean): Bundle = Bundle().apply {
        putParcelable(TelecomManager.EXTRA_INCOMING_CALL_ADDRESS, address(station))
        putBundle(TelecomManager.EXTRA_INCOMING_CALL_EXTRAS, strings())
        putInt(TelecomManager.EXTRA_INCOMING_VIDEO_STATE, videoState(isVideo))
    }

    /** For `placeCall`. */
    fun outgoing(account: PhoneAccountHandle, isVideo: Boolean): Bundle = Bundle().apply {
        putParcelable(TelecomManager.EXTRA_PHONE_ACCOUNT_HANDLE, account)
        putBundle(TelecomManager.EXTRA_OUTGOING_CALL_EXTRAS, strings())
        putInt(TelecomManager.EXTRA_START_CALL_WITH_VIDEO_STATE, videoState(isVideo))
    }

    private fun strings() = Bundle().apply {
        putString(STATION, station)
        putString(NAME, name)
        putString(NUMBER, number.toString())
    }

    companion object {
        private const val STATION = "org.intercomd.intercom.STATION"
        private const val NAME = "org.intercomd.intercom.NAME"
        private const val NUMBER = "org.intercomd.intercom.NUMBER"

        /** Telecom turns what is not `sip:` with an @ into a telephone number. */
        fun address(station: String): Uri =
            Uri.fromParts(PhoneAccount.SCHEME_SIP, "$station@station.invalid", null)

        /** Some releases hand the extras over as they were given, some without the envelope. */
        fun read(extras: Bundle?): CallExtras? = extras?.let {
            readFlat(it)
                ?: readFlat(it.getBundle(TelecomManager.EXTRA_INCOMING_CALL_EXTRAS))
                ?: readFlat(it.getBundle(TelecomManager.EXTRA_OUTGOING_CALL_EXTRAS))
        }

        private fun readFlat(extras: Bundle?): CallExtras? {
            val station = extras?.getString(STATION) ?: return null
            val number = extras.getString(NUMBER)?.toIntOrNull() ?: return null
            return CallExtras(station, extras.getString(NAME) ?: station, number)
        }

        private fun videoState(isVideo: Boolean): Int =
            if (isVideo) VideoProfile.STATE_RX_ENABLED else VideoProfile.STATE_AUDIO_ONLY
    }
}
