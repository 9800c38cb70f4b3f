// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.push

import java.net.URI
import java.security.MessageDigest
import java.util.Base64
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit

/**
 * What brings pushes to a phone, as Conversations does: it gets addresses from the push server and
 * hands to each app on the phone what was posted to the app's own.
 */
class Distributor(server: PushServer) : AutoCloseable {
    /** The phone cannot be reached: nothing is taken. */
    @Volatile
    var isAway = false

    /** How much came while it was away. */
    @Volatile
    var refused = 0
        private set

    /** What came is taken, but goes to nobody until [passOn]. */
    @Volatile
    var holdsBack = false

    private class Push(val instance: String, val app: (ByteArray) -> Unit, val body: ByteArray)

    private val apps = ConcurrentHashMap<String, (ByteArray) -> Unit>()
    private val asked = ConcurrentHashMap<String, CompletableFuture<Iq>>()
    private val held = mutableListOf<Push>()
    private val component = Component(server.componentPort, DOMAIN, SECRET, ::received)

    /** An address of which [app] gets what is posted there. */
    fun register(name: String, app: (ByteArray) -> Unit): URI {
        val instance = hash(name)
        apps[instance] = app
        val answer = CompletableFuture<Iq>()
        asked[name] = answer
        val register = "<register xmlns='$UNIFIED_PUSH' application='$APP' instance='$instance'/>"
        component.say("<iq type='set' id='$name' $ADDRESSED>$register</iq>")
        val content = answer.get(WAITS_S, TimeUnit.SECONDS).content
        check(content?.name == "registered") { "the push server says $content" }
        return URI(content.attribute("endpoint"))
    }

    val heldBack: Int
        get() = synchronized(held) { held.size }

    fun heldBackFor(name: String): List<ByteArray> = synchronized(held) {
        held.filter { it.instance == hash(name) }.map { it.body }
    }

    /** Now it goes where it belongs. */
    fun passOn(newestFirst: Boolean = false) = synchronized(held) {
        if (newestFirst) held.reverse()
        held.forEach { it.app(it.body) }
        held.clear()
    }

    override fun close() = component.close()

    private fun received(iq: Iq) {
        val id = iq.iq.attribute("id")
        val content = iq.content
        if (content?.name != "push") {
            asked.remove(id)?.complete(iq)
            return
        }
        val instance = content.attribute("instance")
        val app = apps[instance]
        when {
            isAway -> {
                refused++
                refuse(id, "recipient-unavailable")
            }

            app == null -> refuse(id, "item-not-found")

            else -> {
                component.say("<iq type='result' id='$id' $ADDRESSED/>")
                take(Push(instance, app, Base64.getDecoder().decode(iq.text)))
            }
        }
    }

    private fun take(push: Push) =
        if (holdsBack) synchronized(held) { held += push } else push.app(push.body)

    private fun refuse(id: String, condition: String) {
        val error = "<error type='wait'><$condition xmlns='$STANZAS'/></error>"
        component.say("<iq type='error' id='$id' $ADDRESSED>$error</iq>")
    }

    companion object {
        const val DOMAIN = "distributor.test"
        const val SECRET = "known to both"
        private const val WAITS_S = 20L
        private const val UNIFIED_PUSH = "http://gultsch.de/xmpp/drafts/unified-push"
        private const val STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
        private const val ADDRESSED = "from='phone@$DOMAIN' to='${PushServer.DOMAIN}'"
        private val APP = hash("org.intercomd")

        private fun hash(name: String): String = Base64.getEncoder().encodeToString(
            MessageDigest.getInstance("SHA-256").digest(name.toByteArray()),
        )
    }
}
