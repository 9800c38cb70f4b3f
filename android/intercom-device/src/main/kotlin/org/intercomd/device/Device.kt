// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device

import android.app.Application
import org.intercomd.device.keys.NoScreenLock
import org.intercomd.device.keys.VaultFailed
import org.intercomd.device.network.NetworkWatch
import org.intercomd.device.network.Tls13
import org.intercomd.device.pairings.PairedStation
import org.intercomd.device.pairings.Pairings
import org.intercomd.device.push.UnifiedPushDistributor
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.Revoke
import org.intercomd.phone.net.LivePairing
import org.intercomd.phone.pairing.Attempt
import org.intercomd.phone.pairing.Invitation
import java.io.IOException

/**
 * The stations that this phone is paired with. There is one in a process, made by the
 * application's `onCreate`: Android brings pushes without asking who is there. Its methods are of
 * the main thread.
 */
class Device private constructor(private val application: Application, private val parts: Parts) {
    /** What became of pairing. */
    sealed interface Outcome {
        data class Paired(val station: StationPhone) : Outcome

        /** By the station, or it could not be reached. */
        data class Refused(val error: Failed) : Outcome

        /** Nothing was sent yet. */
        data object NoScreenLock : Outcome

        /** The phone cannot make the keys, or keep what was paired. */
        data class Impossible(val cause: Exception) : Outcome
    }

    private val phones = LinkedHashMap<Thumbprint, StationPhone>()
    private lateinit var network: NetworkWatch

    /** A timer stands still while the phone sleeps, so a dead link may pass for one that works. */
    private val seen = AppSeen { stations.forEach { it.seen() } }

    /** Cannot be used any more: to be paired anew, or removed. */
    var damaged: List<Pairings.Damaged> = emptyList()
        private set

    val stations: List<StationPhone>
        get() = phones.values.toList()

    /** Which app brings pushes. After another one was chosen: [registerForPushes]. */
    val distributor: UnifiedPushDistributor
        get() = parts.distributor

    private fun begin() {
        application.registerActivityLifecycleCallbacks(parts.resumed)
        application.registerActivityLifecycleCallbacks(seen)
        val kept = parts.pairings.load()
        damaged = kept.damaged
        // One that cannot be read now may be readable again.
        if (damaged.isEmpty()) {
            parts.worker.execute { parts.keys.keepOnly(kept.stations.map { it.keys }) }
        }
        kept.stations.forEach(::begin)
        registerForPushes()
        network =
            NetworkWatch(application) { isThere -> stations.forEach { it.networkChanged(isThere) } }
    }

    fun station(id: Thumbprint): StationPhone? = phones[id]

    fun registerForPushes() =
        stations.filterNot { it.isRevoked }.forEach { parts.distributor.register(it.paired) }

    /** [done] is called once, on the main thread. */
    fun pair(invitation: Invitation, label: Label, done: (Outcome) -> Unit) {
        val told = { outcome: Outcome ->
            parts.main.post { done(outcome) }
            Unit
        }
        parts.worker.execute {
            try {
                Attempting(invitation, told).begin(label)
            } catch (_: NoScreenLock) {
                told(Outcome.NoScreenLock)
            } catch (e: VaultFailed) {
                told(Outcome.Impossible(e))
            }
        }
    }

    /** The station forgets this phone first, if it can be told. */
    fun unpair(station: StationPhone) = station.live.request(Revoke(station.paired.handset))

    /** Also of those that are damaged; one that cannot be forgotten is. @throws IOException */
    fun forget(id: Thumbprint) {
        end(id)
        parts.distributor.unregister(id)
        try {
            parts.pairings.remove(id)
        } catch (e: IOException) {
            cannotUse(id, e.toString())
            throw e
        }
        damaged = damaged.filter { it.station != id }
    }

    private fun begin(paired: PairedStation) {
        try {
            val phone = StationPhone.of(paired, parts) { over(paired, it) }
            if (phone == null) cannotUse(paired.id, "its keys are gone") else begin(phone)
        } catch (e: VaultFailed) {
            cannotUse(paired.id, e.toString())
        } catch (e: IOException) {
            cannotUse(paired.id, e.toString())
        }
    }

    private fun over(paired: PairedStation, end: PairingEnd) {
        // Another one may have taken its place.
        if (phones[paired.id]?.paired != paired) return
        when (end) {
            PairingEnd.Unpaired -> unpaired(paired)
            PairingEnd.Revoked -> revoked(paired)
        }
    }

    private fun unpaired(paired: PairedStation) {
        try {
            forget(paired.id)
        } catch (_: IOException) {
            // It is among the damaged.
        }
    }

    /** It stays to be seen, or nobody would know why the bell is not heard any more. */
    private fun revoked(paired: PairedStation) {
        parts.distributor.unregister(paired.id)
        parts.worker.execute {
            try {
                parts.pairings.revoked(paired)
            } catch (_: IOException) {
                // The station says so again when it is called after the next start.
            }
        }
    }

    private fun begin(phone: StationPhone) {
        phones[phone.paired.id] = phone
        phone.begin()
    }

    private fun cannotUse(id: Thumbprint, why: String) {
        damaged = damaged.filter { it.station != id } + Pairings.Damaged(id, why)
    }

    private fun end(id: Thumbprint) {
        val phone = phones.remove(id) ?: return
        phone.close()
        parts.worker.execute { parts.keys.delete(phone.paired.keys) }
    }

    /** One attempt to pair, whose keys are of no use to another one. */
    private inner class Attempting(
        private val invitation: Invitation,
        private val told: (Outcome) -> Unit,
    ) {
        private val keys = parts.keys.make()
        private val asks = parts.keys.asks()

        fun begin(label: Label) {
            val call = checkNotNull(parts.keys.call(keys))
            val action = checkNotNull(parts.keys.action(keys))
            val attempt = Attempt(invitation, parts.entropy.mid(), label, call, action)
            LivePairing(attempt, parts.clock) { outcome ->
                parts.worker.execute { ended(outcome) }
            }
        }

        private fun ended(outcome: LivePairing.Outcome) = when (outcome) {
            is LivePairing.Outcome.Paired -> paired(outcome)

            is LivePairing.Outcome.NotPaired -> {
                parts.keys.delete(keys)
                told(Outcome.Refused(outcome.error))
            }
        }

        private fun paired(outcome: LivePairing.Outcome.Paired) {
            val station =
                PairedStation(
                    key = outcome.answer.key,
                    name = invitation.name,
                    pin = invitation.pin,
                    addresses = (listOf(outcome.address) + invitation.at).distinct(),
                    handset = outcome.answer.handset,
                    keys = keys,
                    asks = asks,
                )
            try {
                parts.pairings.save(station)
                parts.main.post { begun(station) }
            } catch (e: IOException) {
                parts.keys.delete(keys)
                told(Outcome.Impossible(e))
            }
        }

        private fun begun(station: PairedStation) {
            end(station.id)
            damaged = damaged.filter { it.station != station.id }
            begin(station)
            val phone = phones[station.id]
            if (phone == null) return told(Outcome.Impossible(IOException(damaged.last().why)))
            parts.distributor.register(station)
            told(Outcome.Paired(phone))
        }
    }

    companion object {
        var installed: Device? = null
            private set

        fun install(application: Application, options: DeviceOptions): Device =
            install(application, Parts(application, options))

        internal fun install(application: Application, parts: Parts): Device {
            check(installed == null) { "there is one already" }
            Tls13.install()
            val device = Device(application, parts)
            installed = device
            device.begin()
            return device
        }

        internal fun uninstall() {
            val device = installed ?: return
            device.network.close()
            device.application.unregisterActivityLifecycleCallbacks(device.parts.resumed)
            device.application.unregisterActivityLifecycleCallbacks(device.seen)
            device.stations.forEach { it.close() }
            device.parts.worker.shutdown()
            installed = null
        }
    }
}
