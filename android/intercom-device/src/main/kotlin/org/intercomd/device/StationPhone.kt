// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device

import android.content.Context
import android.view.View
import org.intercomd.device.keys.AskingDoorSigner
import org.intercomd.device.keys.ScreenAsker
import org.intercomd.device.media.PictureView
import org.intercomd.device.media.Pictures
import org.intercomd.device.media.StationMedia
import org.intercomd.device.pairings.NewestCall
import org.intercomd.device.pairings.PairedStation
import org.intercomd.device.push.KeptPushKeys
import org.intercomd.device.push.PushHealth
import org.intercomd.device.push.PushedHandset
import org.intercomd.device.push.StationPushes
import org.intercomd.phone.handset.Handset
import org.intercomd.phone.keys.KeyPair
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.Parties
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.link.message.Revoke
import org.intercomd.phone.net.HandsetListener
import org.intercomd.phone.net.HandsetState
import org.intercomd.phone.net.LiveHandset
import org.intercomd.phone.net.MediaReports
import org.intercomd.phone.push.PushKeys
import org.intercomd.phone.push.PushRefusal
import org.intercomd.phone.time.WallTime
import java.io.Closeable
import java.io.IOException
import kotlin.random.Random

/** A paired station, at work on this phone. All of it may be called on any thread. */
class StationPhone internal constructor(
    val paired: PairedStation,
    private val parts: Parts,
    callKey: KeyPair,
    pushKeys: PushKeys,
    private val newest: NewestCall,
    private val newestCall: CallId?,
    private val over: (PairingEnd) -> Unit,
) : Closeable {
    private val pictures = Pictures()
    private lateinit var media: StationMedia
    private val signer =
        AskingDoorSigner(
            key = { parts.keys.action(paired.keys) },
            asks = paired.asks,
            asker = ScreenAsker(parts.resumed::activity) { parts.options.openDoorTitle(this, it) },
            worker = parts.worker,
            trouble = { parts.options.signerTrouble(this, it) },
        )
    private val listener = parts.options.listener(this)

    /** Its calls, doors and requests. */
    val live =
        LiveHandset(
            Handset(
                Parties(callKey, paired.key, parts.options.app),
                paired.addresses,
                parts.entropy,
                Random.Default,
                newestCall,
            ),
            paired.pin,
            parts.clock,
            ::media,
            signer,
            Ears(),
        )

    /** The station does not know this phone any more. It is not called again, nor does it ring. */
    @Volatile
    var isRevoked = paired.isRevoked
        private set
    internal val pushes = StationPushes(pushKeys, Pushed(), parts.wall)

    val pushHealth: PushHealth
        get() = pushes.health

    /** What the station shows, for as long as the view is part of a window. */
    fun pictureView(context: Context): View = PictureView(context, parts.webRtc, pictures)

    /** Another call on this phone has the microphone and the loudspeaker, or gave them back. */
    fun pauseSound(isPaused: Boolean) = media.pauseSound(isPaused)

    internal fun begin() = if (isRevoked) listener.revoked() else live.start()

    override fun close() {
        live.close()
        media.leave()
        pushes.end()
    }

    /** Somebody looks. */
    internal fun seen() = live.wake()

    internal fun networkChanged(isThere: Boolean) {
        live.networkChanged(isThere)
        media.networkChanged()
    }

    private fun media(reports: MediaReports): StationMedia {
        media = StationMedia(parts.peers(pictures), parts.microphone, parts.media, reports)
        return media
    }

    private fun keep(newest: CallId) {
        try {
            this.newest.heardOf(newest)
        } catch (_: IOException) {
            // Pushes of it are late soon, too.
        }
    }

    private inner class Ears : HandsetListener {
        private var known = newestCall

        override fun changed(state: HandsetState) {
            pushes.linkIs(state.link.word == Link.Word.Connected)
            listener.changed(state)
            val heardOf = state.newestCall
            if (heardOf == null || heardOf == known) return
            known = heardOf
            parts.worker.execute { keep(heardOf) }
        }

        override fun ringOnce() = listener.ringOnce()

        override fun explain(request: Request, error: Failed) = listener.explain(request, error)

        override fun answered(request: Request, answer: FromStation) {
            pushes.answered(request, answer)
            if (request == Revoke(paired.handset)) isOver(PairingEnd.Unpaired)
            listener.answered(request, answer)
        }

        override fun pushed(refusal: PushRefusal?) {
            listener.pushed(refusal)
            // After what was posted there to show the ring.
            parts.main.post { pushes.took(refusal) }
        }

        override fun revoked() {
            isRevoked = true
            isOver(PairingEnd.Revoked)
            listener.revoked()
        }

        private fun isOver(end: PairingEnd) {
            parts.main.post { over(end) }
        }
    }

    private inner class Pushed : PushedHandset {
        override fun request(request: Request) = live.request(request)

        override fun pushed(body: ByteArray, keys: PushKeys, wall: WallTime) =
            live.pushed(body, keys, wall)
    }

    internal companion object {
        /** Null where its call key is gone. @throws VaultFailed @throws IOException */
        fun of(paired: PairedStation, parts: Parts, over: (PairingEnd) -> Unit): StationPhone? {
            val callKey = parts.keys.call(paired.keys) ?: return null
            val kept = KeptPushKeys(parts.pairings, paired.id, parts.seal)
            val newest = NewestCall(parts.pairings, paired.id)
            val pushKeys = kept.read() ?: kept.make(parts.entropy)
            val newestCall = newest.read()
            return StationPhone(paired, parts, callKey, pushKeys, newest, newestCall, over)
        }
    }
}

internal enum class PairingEnd {
    /** The station was asked to forget this phone, and has, or cannot be told. */
    Unpaired,

    /** The station says that it does not know this phone any more. */
    Revoked,
}
