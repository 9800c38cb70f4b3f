// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.rtc

import dev.onvoid.webrtc.RTCPeerConnectionState
import org.intercomd.phone.call.Call
import org.intercomd.phone.link.message.Answer
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Candidate
import org.intercomd.phone.link.message.Connect
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.link.message.Sdp
import org.intercomd.phone.link.message.SessionNo
import org.intercomd.phone.net.Media
import org.intercomd.phone.net.MediaReports
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.VideoCodec
import java.util.concurrent.Future
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy
import java.util.concurrent.TimeUnit
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * The sound and the pictures of a phone, by WebRTC as it is on a computer. What arrives is heard
 * whatever the call says, so that it shows what the station lets pass.
 */
class RtcMedia(private val reports: MediaReports, tone: Int) :
    Media,
    AutoCloseable {
    /** All is done here, one after the other; WebRTC's own threads never wait for it. */
    private val hands = ScheduledThreadPoolExecutor(1, DiscardPolicy())
    private val device = Device(Mouth(tone))
    private var cid: CallId? = null
    private var isAlive = false
    private var nextAsking: Future<*>? = null

    /** The newest, also when it is over. */
    @Volatile
    var session: Session? = null
        private set

    override fun follow(call: Call?) = later { device.microphone.isEnabled = call?.talks == true }

    override fun want(cid: CallId) = later {
        if (this.cid != cid) end()
        this.cid = cid
        if (!isAlive) ask()
    }

    override fun refused(connect: Connect, error: Failed) = later {
        val after = error.retryIn ?: ASKS_AGAIN_AFTER.takeIf { error.code == Code.NoAnswer }
        if (connect.cid == cid && after != null) askAfter(after)
    }

    override fun take(offer: Offer) = later {
        val newest = session?.number?.takeIf { isAlive }
        when {
            offer.cid != cid -> Unit
            newest == null || offer.session > newest -> replace(offer)
            offer.session == newest -> sayAnswer(checkNotNull(session))
        }
    }

    override fun add(ice: Ice) = later {
        if (isAlive && ice.cid == cid && ice.session == session?.number) session?.add(ice)
    }

    override fun leave() = later(::end)

    override fun close() {
        later(::end)
        hands.shutdown()
        hands.awaitTermination(10, TimeUnit.SECONDS)
        device.close()
    }

    private fun ask() {
        val cid = cid ?: return
        reports.connect(Connect(cid, listOf(VideoCodec.Vp8), camera = false))
    }

    private fun askAfter(pause: Duration) {
        nextAsking?.cancel(false)
        nextAsking =
            hands.schedule(guarded(::ask), pause.inWholeMilliseconds, TimeUnit.MILLISECONDS)
    }

    private fun replace(offer: Offer) {
        drop()
        reports.changed(offer.cid, MediaState.Connecting)
        session = Session(offer, device, News(offer.cid, offer.session))
        isAlive = true
        sayAnswer(checkNotNull(session))
    }

    private fun sayAnswer(session: Session) {
        cid?.let { reports.answer(Answer(it, session.number, Sdp(session.answer))) }
    }

    private fun end() {
        drop()
        cid = null
    }

    private fun drop() {
        nextAsking?.cancel(false)
        if (isAlive) session?.close()
        isAlive = false
    }

    private fun changed(cid: CallId, number: SessionNo, state: RTCPeerConnectionState) {
        if (!isAlive || cid != this.cid || number != session?.number) return
        when (state) {
            RTCPeerConnectionState.CONNECTED -> {
                nextAsking?.cancel(false)
                reports.changed(cid, MediaState.Connected)
            }

            // It may heal by itself.
            RTCPeerConnectionState.DISCONNECTED -> {
                reports.changed(cid, MediaState.Lost)
                askAfter(HEALS_WITHIN)
            }

            RTCPeerConnectionState.FAILED -> {
                drop()
                reports.changed(cid, MediaState.Lost)
                ask()
            }

            else -> Unit
        }
    }

    private fun later(act: () -> Unit) {
        hands.execute(guarded(act))
    }

    /** An executor would keep what goes wrong to itself. */
    private fun guarded(act: () -> Unit) = Runnable {
        try {
            act()
        } catch (e: Exception) {
            e.printStackTrace()
        }
    }

    private inner class News(private val cid: CallId, private val number: SessionNo) : Session.On {
        override fun candidate(mline: Long, line: String) =
            reports.candidate(Ice(cid, number, mline, Candidate(line)))

        override fun state(state: RTCPeerConnectionState) {
            later { changed(cid, number, state) }
        }
    }

    private companion object {
        val HEALS_WITHIN = 2.seconds
        val ASKS_AGAIN_AFTER = 3.seconds
    }
}
