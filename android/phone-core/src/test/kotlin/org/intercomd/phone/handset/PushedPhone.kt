// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.handset

import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Effect
import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.link.Connection
import org.intercomd.phone.link.Parties
import org.intercomd.phone.link.ScriptedStation
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.push.PushKeys
import org.intercomd.phone.push.PushRefusal
import org.intercomd.phone.push.PushSender
import org.intercomd.phone.time.Moment
import org.intercomd.phone.time.WallTime
import org.intercomd.phone.vectors.Vectors
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** A handset, a station that says what a test tells it to say, and a push service between them. */
class PushedPhone(
    val keys: PushKeys = PushKeys.generate(Entropy.secure()),
    newestCall: CallId? = null,
    private var wall: WallTime = WallTime(1_900_000_000_000),
) {
    private val station = ScriptedStation()
    val handset =
        Handset(
            Parties(Vectors.keyPair("handset_call"), Vectors.publicKey("station"), "test"),
            listOf("a:1"),
            Entropy.secure(),
            Random(1),
            newestCall,
        )
    var now = Moment(0)
    private var socket = 0
    private var pushed: PushRefusal? = null
    var dialled = 0

    /** Whether anything passes the link, as either side believes or not. */
    var isReached = true
    val effects = mutableListOf<Effect>()

    /** How often it began to ring. */
    val began = mutableListOf<CallId>()
    var ringing: CallId? = null
        private set

    val rings: Boolean
        get() = ringing != null

    /** What the station heard. */
    val heard: List<String>
        get() = station.heard.map { it.t }

    fun start() = act { start(now) }

    fun open() {
        isReached = true
        act { opened(socket, Srv(null), now) }
    }

    fun press(button: Button) = act { pressed(button, now) }

    fun link(t: String, b: Json.Object) {
        val frame = station.say(t, b)
        if (isReached) act { received(socket, frame, now) }
    }

    /** What came of it; null is that it was taken. */
    fun push(body: ByteArray): PushRefusal? {
        act { pushed(body, keys, wall, now) }
        return pushed
    }

    fun pass(duration: Duration) {
        val end = now + duration
        while (true) {
            val due = handset.due()?.takeIf { it <= end } ?: break
            passTo(maxOf(now, due))
            act { tick(now) }
        }
        passTo(end)
    }

    private fun passTo(moment: Moment) {
        wallPasses(moment.since(now))
        now = moment
    }

    fun wallPasses(duration: Duration) {
        wall = WallTime(wall.millis + duration.inWholeMilliseconds)
    }

    fun ringBody(cid: Long, lasts: Duration = 45.seconds): Json.Object = Json.of(
        "cid" to Json.Integer(cid),
        "ring_ms" to Json.Integer(lasts.inWholeMilliseconds),
        "media" to Json.Text("video"),
    )

    fun endBody(cid: Long, status: String): Json.Object = Json.of(
        "cid" to Json.Integer(cid),
        "status" to Json.Text(status),
        "reason" to Json.Text(status),
    )

    fun ring(cid: Long, lasts: Duration = 45.seconds, left: Duration = lasts): ByteArray {
        val until = (wall.millis + left.inWholeMilliseconds) / 1000
        val b = Json.Object(ringBody(cid, lasts).members + ("until" to Json.Integer(until)))
        return encrypted("ring", b)
    }

    fun end(cid: Long, status: String): ByteArray = encrypted("ended", endBody(cid, status))

    /** How things stand when it connects: this call rings, or none. */
    fun standing(cid: Long?, lasts: Duration? = null) {
        val call = cid?.let {
            Json.of(
                "cid" to Json.Integer(it),
                "status" to Json.Text("ringing"),
                "direction" to Json.Text("outgoing"),
                "media" to Json.Text("video"),
                "ring_ms" to lasts?.let { Json.Integer(it.inWholeMilliseconds) },
                "monitor" to Json.Flag(false),
            )
        }
        station.standing = ScriptedStation.standing(call)
    }

    private fun encrypted(t: String, b: Json.Object): ByteArray =
        PushSender(keys).encrypt(station.sayApart(t, b).toByteArray())

    private fun act(act: Handset.() -> Unit) {
        handset.act()
        while (true) take(handset.poll() ?: break)
        val before = ringing
        ringing = handset.calls.call?.takeIf { it.rings }?.cid
        if (ringing != before) began += listOfNotNull(ringing)
    }

    private fun take(output: Handset.Output) {
        when (output) {
            is Handset.Output.ToLink -> take(output.output)
            is Handset.Output.ToPhone -> effects += output.effect
            is Handset.Output.Pushed -> pushed = output.refusal
            is Handset.Output.SignForDoor, is Handset.Output.Answered -> Unit
            Handset.Output.Changed, Handset.Output.Revoked -> Unit
        }
    }

    private fun take(output: Connection.Output) {
        if (output is Connection.Output.Dial) {
            socket = output.socket
            dialled += 1
        }
        if (output !is Connection.Output.Send || !isReached) return
        for (frame in station.receive(output.frame, now)) handset.received(socket, frame, now)
    }
}
