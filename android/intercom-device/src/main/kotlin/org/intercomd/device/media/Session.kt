// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.intercomd.phone.link.message.Answer
import org.intercomd.phone.link.message.Candidate
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.link.message.Sdp
import org.intercomd.phone.link.message.SessionNo
import org.intercomd.phone.words.NoSession
import kotlin.time.Duration.Companion.seconds

/**
 * One session: the station offers, this side answers, once. All of it is of the thread of media;
 * nothing is told any more once it is over.
 */
internal class Session(
    private val offer: Offer,
    peers: Peers,
    sound: Sound,
    private val thread: MediaThread,
    private val news: News,
) {
    interface News {
        fun answer(answer: Answer)

        fun candidate(ice: Ice)

        fun path(session: Session, path: Path)
    }

    sealed interface Path {
        data object Connected : Path

        /** It was connected and may be so again by itself. */
        data object Interrupted : Path

        /** It was connected; the session is over. */
        data object Lost : Path

        /** It never was; the session is over. */
        data class Failed(val reason: NoSession) : Path
    }

    private val deadline = thread.after(CONNECTED_WITHIN) { fail(NoSession.IceTimeout) }
    private var answer: Answer? = null
    private val early = ArrayList<Ice>()
    private var hasConnected = false
    private var peer: Peer? = null

    val number: SessionNo
        get() = offer.session

    var isOver = false
        private set
    var isConnected = false
        private set

    init {
        try {
            peer = peers.open(offer, sound, Told())
        } catch (_: NoPeer) {
            // Once whoever makes this session knows of it.
            thread.run { fail(NoSession.OutOfResources) }
        }
    }

    /** The station did not hear it, perhaps. */
    fun answerAgain() {
        answer?.let(news::answer)
    }

    fun add(ice: Ice) {
        when {
            isOver -> Unit
            answer == null -> early += ice
            else -> peer?.add(ice.mline, ice.candidate)
        }
    }

    fun pass(sound: Sound) {
        peer?.pass(sound)
    }

    fun close() {
        if (isOver) return
        isOver = true
        isConnected = false
        deadline.cancel()
        peer?.close()
        peer = null
    }

    private fun answered(sdp: Sdp) {
        if (answer != null) return
        answer = Answer(offer.cid, number, sdp).also(news::answer)
        for (ice in early) peer?.add(ice.mline, ice.candidate)
        early.clear()
    }

    private fun found(mline: Long, candidate: Candidate) {
        if (isUseful(candidate)) news.candidate(Ice(offer.cid, number, mline, candidate))
    }

    private fun connected() {
        deadline.cancel()
        hasConnected = true
        isConnected = true
        news.path(this, Path.Connected)
    }

    private fun interrupted() {
        if (!isConnected) return
        isConnected = false
        news.path(this, Path.Interrupted)
    }

    private fun fail(reason: NoSession) {
        if (isOver) return
        close()
        news.path(this, if (hasConnected) Path.Lost else Path.Failed(reason))
    }

    private inner class Told : PeerNews {
        override fun answered(sdp: Sdp) = turn { answered(sdp) }

        override fun found(mline: Long, candidate: Candidate) = turn { found(mline, candidate) }

        override fun connected() = turn { connected() }

        override fun interrupted() = turn { interrupted() }

        override fun failed(reason: NoSession) = turn { fail(reason) }

        private fun turn(act: Session.() -> Unit) = thread.run { if (!isOver) act() }
    }

    private companion object {
        val CONNECTED_WITHIN = 12.seconds
    }
}
