// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Call
import org.intercomd.phone.call.Ending
import org.intercomd.phone.call.Phase
import org.intercomd.phone.e2e.rtc.Ear
import org.intercomd.phone.e2e.rtc.Eye
import org.intercomd.phone.e2e.rtc.RtcMedia
import org.intercomd.phone.handset.Handset
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.PlatformKeyPair
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.Parties
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.PushRegister
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.net.Clock
import org.intercomd.phone.net.HandsetListener
import org.intercomd.phone.net.HandsetState
import org.intercomd.phone.net.LiveHandset
import org.intercomd.phone.net.LivePairing
import org.intercomd.phone.pairing.Attempt
import org.intercomd.phone.pairing.Invitation
import org.intercomd.phone.push.PushKeys
import org.intercomd.phone.push.PushRefusal
import org.intercomd.phone.time.WallTime
import org.intercomd.phone.words.Code
import java.net.URI
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.TimeUnit
import kotlin.random.Random

/** A phone in somebody's hand, who hums [tone]. */
class Phone private constructor(
    val label: String,
    /** What the station calls it. */
    val id: String,
    private val attempt: Attempt,
    paired: LivePairing.Outcome.Paired,
    private val tone: Int,
) : AutoCloseable {
    private val rung = ConcurrentLinkedQueue<CallId>()
    private val answers = ConcurrentLinkedQueue<FromStation>()
    private val refusals = CopyOnWriteArrayList<PushRefusal?>()
    val pushKeys = PushKeys.generate(Entropy.secure())
    private lateinit var media: RtcMedia
    private val live =
        LiveHandset(
            Handset(
                Parties(attempt.call, paired.answer.key, "phone-e2e"),
                listOf(paired.address),
                Entropy.secure(),
                Random.Default,
            ),
            attempt.invitation.pin,
            Clock.system(),
            { reports -> RtcMedia(reports, tone).also { media = it } },
            { _, text, done -> done(attempt.action.sign(text)) },
            Listener(),
        )

    @Volatile
    var isRevoked = false
        private set
    val state: HandsetState
        get() = live.state
    val call: Call?
        get() = state.calls.call
    val ear: Ear?
        get() = media.session?.ear
    val eye: Eye?
        get() = media.session?.eye

    fun press(button: Button) = live.press(button)

    fun openDoor(name: String) = live.openDoor(DoorName(name))

    fun networkChanged(isThere: Boolean) = live.networkChanged(isThere)

    /** What is posted there comes to [pushed]. */
    fun registerPushes(endpoint: URI) {
        live.request(pushKeys.register("$endpoint"))
        val answer = find("the station takes the endpoint") { answers.poll() }
        check(answer is Done) { "the station says $answer" }
    }

    fun pushed(body: ByteArray) = live.pushed(body, pushKeys, WallTime(System.currentTimeMillis()))

    /** Why each of so many pushes was refused, null where it was taken. */
    fun refused(pushes: Int): List<String?> {
        until("$pushes pushes came to $label") { refusals.size >= pushes }
        return refusals.map { it?.word }
    }

    /** There is no link, and until [awake] there will be none, whoever asks for it. */
    fun sleep() {
        live.networkChanged(false)
        live.stop()
        await("$label sleeps") { it.link.word == Link.Word.Stopped }
    }

    fun awake() {
        live.networkChanged(true)
        live.start()
        connected()
    }

    fun connected() = await("$label is connected") { it.link.word == Link.Word.Connected }

    /** The number of the next call that it rings for, or has rung for. */
    fun rings(): CallId = find("$label rings", { state }) { rung.poll() }

    fun talks() = await("$label is in the call") { it.calls.call?.phase == Phase.Ongoing }

    /** How the call ended, as far as this phone knows. */
    fun ended(cid: CallId): Ending = find("$label is out of call $cid", { state }) {
        state.calls.story.find { it.cid == cid }?.ending
    }

    /** How it ended, as the station says. */
    fun toldEnd(cid: CallId): Ending = find("$label is told the end of call $cid", { state }) {
        state.calls.story.find { it.cid == cid }?.ending?.takeUnless { it.isGuess }
    }

    fun await(what: String, isSo: (HandsetState) -> Boolean) {
        until(what, { state }) { isSo(state) }
    }

    fun hears(frequency: Int): Heard = ear?.hears(frequency) ?: Heard.NOTHING

    override fun close() {
        live.close()
        media.close()
    }

    private inner class Listener : HandsetListener {
        private var newest: CallId? = null

        override fun changed(state: HandsetState) {
            val cid = state.calls.call?.takeIf { it.rings }?.cid ?: return
            if (cid != newest) rung += cid
            newest = cid
        }

        override fun answered(request: Request, answer: FromStation) {
            if (request is PushRegister) answers += answer
        }

        override fun pushed(refusal: PushRefusal?) {
            refusals += refusal
        }

        override fun revoked() {
            isRevoked = true
        }
    }

    companion object {
        private const val TRIES = 3
        private const val MINUTE = 60L

        /** By the link that the panel shows; connected when this returns. */
        fun pair(station: Station, label: String, tone: Int): Phone {
            val invitation = checkNotNull(Invitation.read(station.panel.pairingLink()))
            val keys = PlatformKeyPair.generate() to PlatformKeyPair.generate()
            val mid = Entropy.secure().mid()
            val attempt =
                Attempt(invitation, mid, checkNotNull(Label.parse(label)), keys.first, keys.second)
            val paired = pair(attempt)
            station.panel.pairingIsUsed()
            return Phone(label, paired.answer.handset.text, attempt, paired, tone).apply {
                live.start()
                connected()
            }
        }

        /** A station gives whoever pairs five seconds: too few where much else is to be done. */
        private fun pair(attempt: Attempt): LivePairing.Outcome.Paired {
            repeat(TRIES) {
                val outcome = CompletableFuture<LivePairing.Outcome>()
                LivePairing(attempt, Clock.system(), outcome::complete)
                when (val paired = outcome.get(MINUTE, TimeUnit.SECONDS)) {
                    is LivePairing.Outcome.Paired -> return paired

                    is LivePairing.Outcome.NotPaired ->
                        check(paired.error.code == Code.Unavailable) { "$paired" }
                }
            }
            error("the station cannot be paired with")
        }
    }
}
