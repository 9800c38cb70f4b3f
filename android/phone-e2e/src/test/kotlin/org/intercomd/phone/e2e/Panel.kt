// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.JsonReader
import org.intercomd.phone.json.written
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.intercomd.phone.words.wordOf
import java.net.URI
import java.net.http.HttpClient
import java.net.http.WebSocket
import java.util.concurrent.CompletionStage

/** The simulated panel, by what its page is told and says. */
class Panel private constructor() : WebSocket.Listener {
    data class Call(val id: Long, val status: Status, val reason: Reason?, val media: List<String>)

    private data class Pairing(val link: String?)

    private val text = StringBuilder()
    private lateinit var socket: WebSocket

    /** The newest call, also when it is over. */
    @Volatile
    var call: Call? = null
        private set

    /** Ids, by labels. */
    @Volatile
    var handsets: Map<String, String> = emptyMap()
        private set

    /** The levels that the door's relay had, one after the other. */
    @Volatile
    var relay: List<Boolean> = emptyList()
        private set

    /** Null until it was told. */
    @Volatile
    private var pairing: Pairing? = null

    fun press(button: String) {
        move("buttons.$button", true)
        move("buttons.$button", false)
    }

    /** Good for one handset. */
    fun pairingLink(): String {
        if (pairing?.link == null) say("open_pairing")
        return find("a pairing link") { pairing?.link }
    }

    fun pairingIsUsed() {
        until("the link is used") { pairing?.link == null }
    }

    fun unpair(handset: String) = say("unpair", "handset" to Json.Text(handset))

    fun close() = socket.abort()

    fun awaitCall(status: Status): Call = find("the call is ${status.word}", { "$call" }) {
        call?.takeIf { it.status == status }
    }

    private fun move(input: String, active: Boolean) =
        say("move", "input" to Json.Text(input), "active" to Json.Flag(active))

    private fun say(t: String, vararg members: Pair<String, Json>) {
        socket.sendText(Json.of("t" to Json.Text(t), *members).written(), true).join()
    }

    override fun onText(socket: WebSocket, data: CharSequence, last: Boolean): CompletionStage<*>? {
        text.append(data)
        if (last) {
            told(JsonReader.read(text.toString()) as Json.Object)
            text.clear()
        }
        socket.request(1)
        return null
    }

    private fun told(news: Json.Object) {
        when (news.text("t")) {
            "state" -> {
                call = (news["call"] as? Json.Object)?.let(::call)
                handsets =
                    news.objects("handsets").associate { it.text("label") to it.text("id") }
            }

            "lines" -> {
                val level = ((news["relays"] as Json.Object)["front"] as Json.Flag).on
                if (relay.lastOrNull() != level) relay = relay + level
            }

            "pairing" -> pairing = Pairing((news["link"] as? Json.Text)?.text)
        }
    }

    private fun call(told: Json.Object) = Call(
        id = (told["id"] as Json.Integer).value,
        status = checkNotNull(wordOf<Status>(told.text("status"))),
        reason = (told["reason"] as? Json.Text)?.let { checkNotNull(wordOf<Reason>(it.text)) },
        media = told.objects("legs").map { it.text("media") },
    )

    companion object {
        fun open(page: URI): Panel {
            val panel = Panel()
            val live = URI("ws", page.authority, "/live", null, null)
            panel.socket =
                HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(live, panel).join()
            until("the panel tells how things stand") { panel.pairing != null }
            return panel
        }
    }
}

private fun Json.Object.text(name: String): String = (this[name] as Json.Text).text

private fun Json.Object.objects(name: String): List<Json.Object> =
    (this[name] as Json.Items).items.map { it as Json.Object }
