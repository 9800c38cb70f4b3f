// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.push

import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.PushUnregister
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.push.PushKeys
import org.intercomd.phone.push.PushRefusal
import org.intercomd.phone.time.WallTime

/** How it is with a station's pushes, for a page that tells what is wrong. */
data class PushHealth(
    val endpoint: String? = null,
    /** Why there is no endpoint, in the distributor's word. */
    val noEndpoint: String? = null,
    /** What the station says to the endpoint; null while it was not asked. */
    val isRegistered: Boolean? = null,
    val refused: Failed? = null,
    val lastPush: WallTime? = null,
    /** Of the last push. */
    val refusal: PushRefusal? = null,
)

/** What a [StationPushes] does with the handset of its station. */
interface PushedHandset {
    fun request(request: Request)

    /** [StationPushes.took] follows. */
    fun pushed(body: ByteArray, keys: PushKeys, wall: WallTime)
}

/** The pushes of one station. Its methods may be called on any thread, and do not wait. */
class StationPushes(
    private val keys: PushKeys,
    private val handset: PushedHandset,
    private val wall: () -> WallTime,
) {
    private val waiting = ArrayDeque<() -> Unit>()
    private var isLinked = false
    private var asked: Request? = null

    @Volatile
    var health = PushHealth()
        private set

    @Synchronized
    fun endpointIs(endpoint: String) {
        health = health.copy(endpoint = endpoint, noEndpoint = null)
        if (isLinked) register()
    }

    /** Without a link the station hears of it from the push service. */
    @Synchronized
    fun noEndpoint(why: String) {
        val wasThere = health.endpoint != null
        health = PushHealth(
            noEndpoint = why,
            lastPush = health.lastPush,
            refusal = health.refusal,
        )
        asked = null
        if (wasThere && isLinked) handset.request(PushUnregister)
    }

    /** Said once more with each link: to a station that knows it already it is no news. */
    @Synchronized
    fun linkIs(isLinked: Boolean) {
        val isNew = isLinked && !this.isLinked
        this.isLinked = isLinked
        if (isNew && health.endpoint != null) register()
    }

    @Synchronized
    fun answered(request: Request, answer: FromStation) {
        if (request !== asked) return
        val refused = answer as? Failed
        health = health.copy(isRegistered = refused == null, refused = refused)
    }

    /** [done] is called once it rings, or was refused. */
    @Synchronized
    fun pushed(body: ByteArray, done: () -> Unit) {
        waiting += done
        health = health.copy(lastPush = wall())
        handset.pushed(body, keys, wall())
    }

    @Synchronized
    fun took(refusal: PushRefusal?) {
        health = health.copy(refusal = refusal)
        waiting.removeFirstOrNull()?.invoke()
    }

    /** The handset is closed: nobody will tell what became of them. */
    @Synchronized
    fun end() {
        while (true) (waiting.removeFirstOrNull() ?: break)()
    }

    private fun register() {
        val register = keys.register(health.endpoint ?: return)
        asked = register
        handset.request(register)
    }
}
