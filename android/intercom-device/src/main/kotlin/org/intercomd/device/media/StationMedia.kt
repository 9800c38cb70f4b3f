// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.intercomd.phone.call.Call
import org.intercomd.phone.link.message.Answer
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Closed
import org.intercomd.phone.link.message.Connect
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.net.Media
import org.intercomd.phone.net.MediaReports
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.MediaState
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * The media of a station's calls: asks for sessions, replaces them, notices a path that died, and
 * says what of this side is heard. What it does, it does on the thread of media.
 */
class StationMedia(
    private val peers: Peers,
    private val microphone: SharedMicrophone,
    private val thread: MediaThread,
    private val reports: MediaReports,
) : Media {
    private var call: Call? = null
    private var isPaused = false

    /** The call of which a session is wanted. */
    private var cid: CallId? = null

    /** Kept when it is over, for its number: an older offer may still be on its way. */
    private var session: Session? = null
    private var isAsked = false
    private var rescue: MediaThread.Cancel? = null

    override fun follow(call: Call?) = thread.run {
        this.call = call
        pass()
    }

    /** Another call on this phone has the microphone and the loudspeaker, or gave them back. */
    fun pauseSound(isPaused: Boolean) = thread.run {
        this.isPaused = isPaused
        pass()
    }

    /** What was connected may be gone without a word. */
    fun networkChanged() = thread.run {
        if (session?.isOver == false) askUnlessItHeals()
    }

    override fun want(cid: CallId) = thread.run {
        begin(cid)
        if (session?.isOver != false) ask()
    }

    override fun refused(connect: Connect, error: Failed) = thread.run {
        if (connect.cid == cid && isAsked) refused(error)
    }

    override fun take(offer: Offer) = thread.run {
        begin(offer.cid)
        val present = session
        when {
            present == null || offer.session > present.number -> open(offer)
            offer.session == present.number && !present.isOver -> present.answerAgain()
        }
    }

    override fun add(ice: Ice) = thread.run {
        if (ice.cid == cid && ice.session == session?.number) session?.add(ice)
    }

    override fun leave() = thread.run { end() }

    private val sound: Sound
        get() {
            val call = call.takeUnless { isPaused } ?: return Sound.NONE
            return Sound(isHeard = call.talks, hears = call.listens)
        }

    private fun pass() {
        val mayBeHeard = cid != null && !isPaused && call?.wantsMicrophone == true
        // Before anybody is to be heard by it, and not before nobody is.
        if (mayBeHeard) microphone.want(this, true)
        session?.pass(sound)
        if (!mayBeHeard) microphone.want(this, false)
    }

    private fun begin(cid: CallId) {
        if (this.cid == cid) return
        end()
        this.cid = cid
        pass()
    }

    private fun end() {
        cancelRescue()
        session?.close()
        session = null
        cid = null
        isAsked = false
        pass()
    }

    private fun ask() {
        val cid = cid ?: return
        if (isAsked) return
        isAsked = true
        reports.changed(cid, MediaState.Connecting)
        reports.connect(Connect(cid, peers.decodable, camera = false))
        // A yes without an offer after it is no session.
        rescue(OFFERED_WITHIN) { askAgain() }
    }

    private fun askAgain() {
        isAsked = false
        ask()
    }

    private fun askUnlessItHeals() {
        if (isAsked) return
        rescue(HEALS_WITHIN) { if (session?.isConnected != true) ask() }
    }

    private fun refused(error: Failed) {
        val wait = error.retryIn ?: PAUSE.takeIf { error.code in PASSING }
        if (wait != null) return rescue(wait) { askAgain() }
        cancelRescue()
        isAsked = false
        reports.changed(checkNotNull(cid), MediaState.None)
    }

    private fun open(offer: Offer) {
        cancelRescue()
        isAsked = false
        session?.close()
        reports.changed(offer.cid, MediaState.Connecting)
        session = Session(offer, peers, sound, thread, News())
    }

    private fun path(cid: CallId, path: Session.Path, session: Session) {
        when (path) {
            Session.Path.Connected -> {
                if (!isAsked) cancelRescue()
                reports.changed(cid, MediaState.Connected)
            }

            Session.Path.Interrupted -> {
                reports.changed(cid, MediaState.Lost)
                askUnlessItHeals()
            }

            Session.Path.Lost -> {
                reports.changed(cid, MediaState.Lost)
                ask()
            }

            is Session.Path.Failed -> {
                reports.closed(Closed(cid, session.number, path.reason))
                reports.changed(cid, MediaState.None)
            }
        }
    }

    private fun rescue(delay: Duration, act: () -> Unit) {
        cancelRescue()
        rescue = thread.after(delay, act)
    }

    private fun cancelRescue() {
        rescue?.cancel()
        rescue = null
    }

    private inner class News : Session.News {
        override fun answer(answer: Answer) = reports.answer(answer)

        override fun candidate(ice: Ice) = reports.candidate(ice)

        override fun path(session: Session, path: Session.Path) {
            val cid = cid
            val isPresent = session === this@StationMedia.session
            if (cid != null && isPresent) path(cid, path, session)
        }
    }

    private companion object {
        val HEALS_WITHIN = 2.seconds
        val PAUSE = 3.seconds

        /** A request is answered, or given up, before that. */
        val OFFERED_WITHIN = 13.seconds

        /** The station may not have been there. */
        val PASSING = setOf(Code.NoAnswer, Code.Unavailable, Code.RateLimited)
    }
}
