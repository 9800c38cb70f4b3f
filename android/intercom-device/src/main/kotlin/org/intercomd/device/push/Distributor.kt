// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.push

import android.content.Context
import org.intercomd.device.pairings.PairedStation
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.push.applicationServerKey
import org.unifiedpush.android.connector.UnifiedPush

/** Whoever brings pushes to this phone: an app of the person's choice, by UnifiedPush. */
interface Distributor {
    /** Answered by [StationPushes.endpointIs] or [StationPushes.noEndpoint], some time. */
    fun register(station: PairedStation)

    fun unregister(station: Thumbprint)
}

class UnifiedPushDistributor(private val context: Context) : Distributor {
    /** The packages that could be it. */
    val possible: List<String>
        get() = UnifiedPush.getDistributors(context)

    /** Null while none was chosen: then nothing is registered. */
    val chosen: String?
        get() = UnifiedPush.getSavedDistributor(context)

    fun choose(name: String) = UnifiedPush.saveDistributor(context, name)

    override fun register(station: PairedStation) {
        if (chosen == null) choose(possible.singleOrNull() ?: return)
        val key = station.key.applicationServerKey
        UnifiedPush.register(context, station.id.text, station.name, key, KeysElsewhere)
    }

    override fun unregister(station: Thumbprint) =
        UnifiedPush.unregister(context, station.text, KeysElsewhere)
}
