// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.intercomd.phone.call.Call
import org.intercomd.phone.call.Phase
import org.intercomd.phone.link.message.Answer
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Candidate
import org.intercomd.phone.link.message.Closed
import org.intercomd.phone.link.message.Connect
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.link.message.Sdp
import org.intercomd.phone.link.message.SessionNo
import org.intercomd.phone.net.MediaReports
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.NoSession
import org.intercomd.phone.words.VideoCodec
import kotlin.time.Duration

val CALL = CallId(7)

/** A station's media on a thread of the test's own, with a WebRTC of which all is kept. */
class TestMedia {
    /** In its order: what the station is told, and what is done with WebRTC. */
    val told = ArrayList<Any>()
    val peers = ArrayList<TestPeer>()
    var isMicrophoneOpen = false
    var hasPeers = true
    private val thread = TestThread()
    val shared = SharedMicrophone({ isMicrophoneOpen = it }, { true })
    val media = StationMedia(TestPeers(), shared, thread, Reports())

    fun pass(duration: Duration) = thread.pass(duration)

    /** What was told since the last time. */
    fun news(): List<Any> = told.toList().also { told.clear() }

    fun offer(session: Long, cid: CallId = CALL): TestPeer {
        media.take(Offer(cid, SessionNo(session), Sdp("offer $session"), emptyList()))
        return peers.last()
    }

    fun connected(session: Long): TestPeer = offer(session).apply {
        news.answered(Sdp("answer"))
        news.connected()
    }

    inner class TestPeer(val offer: Offer, var sound: Sound, val news: PeerNews) : Peer {
        val added = ArrayList<Candidate>()
        var closed = 0

        override fun add(mline: Long, candidate: Candidate) {
            added += candidate
        }

        override fun pass(sound: Sound) {
            this.sound = sound
        }

        override fun close() {
            closed += 1
        }
    }

    private inner class TestPeers : Peers {
        override val decodable = listOf(VideoCodec.H264)

        override fun open(offer: Offer, sound: Sound, news: PeerNews): Peer {
            if (!hasPeers) throw NoPeer("none left")
            return TestPeer(offer, sound, news).also { peers += it }
        }
    }

    private inner class Reports : MediaReports {
        override fun connect(connect: Connect) {
            told += connect
        }

        override fun answer(answer: Answer) {
            told += answer
        }

        override fun candidate(ice: Ice) {
            told += ice
        }

        override fun closed(closed: Closed) {
            told += closed
        }

        override fun changed(cid: CallId, state: MediaState) {
            told += state
        }
    }

    companion object {
        val CONNECT = Connect(CALL, listOf(VideoCodec.H264), camera = false)

        fun call(phase: Phase, isMuted: Boolean = false) = Call(
            cid = CALL,
            phase = phase,
            direction = Direction.Outgoing,
            media = Media.Video,
            isMuted = isMuted,
        )

        fun answer(session: Long) = Answer(CALL, SessionNo(session), Sdp("answer"))

        fun closed(session: Long, reason: NoSession) = Closed(CALL, SessionNo(session), reason)
    }
}

/** Time passes when the test says so, and everything else at once, in its order. */
class TestThread : MediaThread {
    private class Timer(val at: Duration, val act: () -> Unit)

    private var now = Duration.ZERO
    private val timers = ArrayList<Timer>()
    private val waiting = ArrayDeque<() -> Unit>()
    private var isBusy = false

    override fun run(act: () -> Unit) {
        waiting += act
        if (isBusy) return
        isBusy = true
        while (true) (waiting.removeFirstOrNull() ?: break)()
        isBusy = false
    }

    override fun after(delay: Duration, act: () -> Unit): MediaThread.Cancel {
        val timer = Timer(now + delay, act).also { timers += it }
        return MediaThread.Cancel { timers -= timer }
    }

    fun pass(duration: Duration) {
        val end = now + duration
        while (true) {
            val next = timers.filter { it.at <= end }.minByOrNull { it.at } ?: break
            now = next.at
            timers -= next
            run(next.act)
        }
        now = end
    }
}
