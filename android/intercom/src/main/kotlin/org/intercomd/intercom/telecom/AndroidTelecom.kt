// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

import android.annotation.SuppressLint
import android.content.Context
import android.telecom.TelecomManager

internal class AndroidTelecom(private val context: Context) : TelecomSystem {
    private val telecom: TelecomManager? = context.getSystemService(TelecomManager::class.java)
    private val account = Account(context)

    override val isThere: Boolean
        get() = telecom != null && FEATURES.any(context.packageManager::hasSystemFeature)

    override fun register() {
        telecom?.registerPhoneAccount(account.account)
    }

    override fun addIncoming(call: Announcement) {
        telecom?.addNewIncomingCall(account.handle, CallExtras(call).incoming(call.isVideo))
    }

    // MANAGE_OWN_CALLS, which is granted at installation, is enough for a self-managed account.
    @SuppressLint("MissingPermission")
    override fun placeOutgoing(call: Announcement) {
        val extras = CallExtras(call).outgoing(account.handle, call.isVideo)
        telecom?.placeCall(CallExtras.address(call.station.id), extras)
    }

    private companion object {
        /** The first since API 33, the second before. */
        val FEATURES = listOf("android.software.telecom", "android.software.connectionservice")
    }
}
