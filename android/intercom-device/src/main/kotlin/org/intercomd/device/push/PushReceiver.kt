// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.push

import android.content.Context
import android.os.PowerManager
import org.intercomd.device.Device
import org.intercomd.phone.keys.Thumbprint
import org.unifiedpush.android.connector.FailedReason
import org.unifiedpush.android.connector.MessagingReceiver
import org.unifiedpush.android.connector.data.PublicKeySet
import org.unifiedpush.android.connector.data.PushEndpoint
import org.unifiedpush.android.connector.data.PushMessage
import org.unifiedpush.android.connector.keys.KeyManager

/** What the distributor brings. An instance of the connector is a station. */
class PushReceiver : MessagingReceiver() {
    override fun getKeyManager(context: Context): KeyManager = KeysElsewhere

    /** Done with when the ring has begun, and no sooner: no work is left for later. */
    override fun onMessage(context: Context, message: PushMessage, instance: String) {
        val pushes = pushes(instance) ?: return
        val broadcast = goAsync()
        val power = checkNotNull(context.getSystemService(PowerManager::class.java))
        val lock = power.newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "intercomd:push")
        lock.acquire(LONGEST)
        pushes.pushed(message.content) {
            // Null where the connector calls without a broadcast.
            broadcast?.finish()
            if (lock.isHeld) lock.release()
        }
    }

    override fun onNewEndpoint(context: Context, endpoint: PushEndpoint, instance: String) {
        pushes(instance)?.endpointIs(endpoint.url)
    }

    override fun onRegistrationFailed(context: Context, reason: FailedReason, instance: String) {
        pushes(instance)?.noEndpoint(reason.name.lowercase())
    }

    override fun onUnregistered(context: Context, instance: String) {
        pushes(instance)?.noEndpoint("unregistered")
    }

    private fun pushes(instance: String): StationPushes? =
        Thumbprint.parse(instance)?.let { Device.installed?.station(it) }?.pushes

    private companion object {
        /** Of a broadcast, which Android ends then. */
        const val LONGEST = 10_000L
    }
}

/** The connector hands on what it cannot decrypt; phone-core can. */
internal object KeysElsewhere : KeyManager {
    override fun decrypt(instance: String, sealed: ByteArray): ByteArray? = null

    override fun generate(instance: String) = Unit

    override fun getPublicKeySet(instance: String): PublicKeySet? = null

    override fun exists(instance: String): Boolean = true

    override fun delete(instance: String) = Unit
}
