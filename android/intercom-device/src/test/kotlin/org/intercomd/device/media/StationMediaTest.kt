// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.intercomd.device.media.TestMedia.Companion.CONNECT
import org.intercomd.device.media.TestMedia.Companion.answer
import org.intercomd.device.media.TestMedia.Companion.call
import org.intercomd.device.media.TestMedia.Companion.closed
import org.intercomd.phone.call.Phase
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Candidate
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Sdp
import org.intercomd.phone.link.message.SessionNo
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.NoSession
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import kotlin.time.Duration.Companion.seconds

class StationMediaTest {
    private val test = TestMedia()
    private val media = test.media
    private val ringing = call(Phase.Ringing(Moment(0)))

    @Test
    fun `a session is asked for, offered, answered, and connects`() {
        media.want(CALL)
        assertEquals(listOf(MediaState.Connecting, CONNECT), test.news())
        test.connected(1)
        assertEquals(
            listOf(MediaState.Connecting, answer(1), MediaState.Connected),
            test.news(),
        )
        media.want(CALL)
        assertEquals(emptyList<Any>(), test.news())
    }

    @Test
    fun `one that is asked for is not asked for again, unless no offer comes`() {
        media.want(CALL)
        media.want(CALL)
        test.news()
        test.pass(12.seconds)
        assertEquals(emptyList<Any>(), test.news())
        test.pass(1.seconds)
        assertEquals(listOf(MediaState.Connecting, CONNECT), test.news())
    }

    @Test
    fun `a refusal that says when is asked again then, one that passes a little later`() {
        media.want(CALL)
        media.refused(CONNECT, Failed(Code.RateLimited, retryIn = 5.seconds))
        test.news()
        test.pass(4.seconds)
        assertEquals(emptyList<Any>(), test.news())
        test.pass(1.seconds)
        assertEquals(CONNECT, test.news().last())
        media.refused(CONNECT, Failed(Code.NoAnswer))
        test.pass(3.seconds)
        assertEquals(CONNECT, test.news().last())
    }

    @Test
    fun `any other refusal is one, until the call wants a session again`() {
        media.want(CALL)
        media.refused(CONNECT, Failed(Code.NotAllowed))
        assertEquals(MediaState.None, test.news().last())
        test.pass(60.seconds)
        assertEquals(emptyList<Any>(), test.news())
        media.want(CALL)
        assertEquals(CONNECT, test.news().last())
    }

    @Test
    fun `an offer that comes twice is answered twice, and an older one not at all`() {
        test.connected(2)
        test.news()
        test.offer(2)
        assertEquals(listOf(answer(2)), test.news())
        test.offer(1)
        assertEquals(emptyList<Any>(), test.news())
        assertEquals(1, test.peers.size)
    }

    @Test
    fun `a newer offer replaces the session, which tells nothing any more`() {
        val old = test.connected(1)
        test.offer(2)
        assertEquals(1, old.closed)
        test.news()
        old.news.found(0, UDP)
        old.news.failed(NoSession.IceFailed)
        assertEquals(emptyList<Any>(), test.news())
    }

    @Test
    fun `candidates wait until the offer is taken, those of other sessions do not count`() {
        val peer = test.offer(3)
        media.add(Ice(CALL, SessionNo(3), 0, UDP))
        media.add(Ice(CALL, SessionNo(2), 0, UDP))
        media.add(Ice(CallId(8), SessionNo(3), 0, UDP))
        assertEquals(emptyList<Candidate>(), peer.added)
        peer.news.answered(Sdp("answer"))
        assertEquals(listOf(UDP), peer.added)
        media.add(Ice(CALL, SessionNo(3), 0, UDP))
        assertEquals(2, peer.added.size)
    }

    @Test
    fun `what a station would not take is not sent to it`() {
        val peer = test.offer(1)
        test.news()
        peer.news.found(0, Candidate("candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype active"))
        peer.news.found(0, Candidate("candidate:1 2 udp 1 192.0.2.1 5000 typ host"))
        peer.news.found(0, Candidate("candidate:1 1 udp 1 8c1d.local 5000 typ host"))
        peer.news.found(1, UDP)
        peer.news.found(0, Candidate(""))
        val said =
            listOf(Ice(CALL, SessionNo(1), 1, UDP), Ice(CALL, SessionNo(1), 0, Candidate("")))
        assertEquals(said, test.news())
    }

    @Test
    fun `a session that never connects is closed with the reason, once`() {
        val peer = test.offer(1)
        test.news()
        test.pass(12.seconds)
        val told = listOf(closed(1, NoSession.IceTimeout), MediaState.None)
        assertEquals(told, test.news())
        peer.news.failed(NoSession.IceFailed)
        assertEquals(emptyList<Any>(), test.news())
        assertEquals(1, peer.closed)
    }

    @Test
    fun `an offer that is none, and a phone that can take none, are told`() {
        test.offer(1).news.failed(NoSession.BadDescription)
        assertTrue(closed(1, NoSession.BadDescription) in test.news())
        test.hasPeers = false
        test.offer(2)
        assertTrue(closed(2, NoSession.OutOfResources) in test.news())
    }

    @Test
    fun `a path that is lost is replaced, and the call is not ended for it`() {
        test.connected(1).news.failed(NoSession.IceFailed)
        val told = test.news()
        assertEquals(
            listOf(MediaState.Lost, MediaState.Connecting, CONNECT),
            told.takeLast(3),
        )
    }

    @Test
    fun `an interruption has two seconds to heal`() {
        val peer = test.connected(1)
        test.news()
        peer.news.interrupted()
        test.pass(1.seconds)
        peer.news.connected()
        test.pass(60.seconds)
        assertEquals(listOf(MediaState.Lost, MediaState.Connected), test.news())
        peer.news.interrupted()
        test.pass(2.seconds)
        assertEquals(CONNECT, test.news().last())
        assertEquals(0, peer.closed)
    }

    @Test
    fun `a network that changes while a session is asked for takes nothing from the asking`() {
        val peer = test.connected(1)
        peer.news.interrupted()
        test.pass(2.seconds)
        media.networkChanged()
        peer.news.connected()
        test.news()
        test.pass(13.seconds)
        assertEquals(CONNECT, test.news().last())
    }

    @Test
    fun `the microphone is closed while it rings, and nothing passes either way`() {
        media.follow(ringing)
        media.want(CALL)
        val peer = test.connected(1)
        assertFalse(test.isMicrophoneOpen)
        assertEquals(Sound.NONE, peer.sound)
    }

    @Test
    fun `it is open in the call, muted or not, and closed after it`() {
        media.follow(ringing)
        val peer = test.connected(1)
        media.follow(call(Phase.Ongoing))
        assertTrue(test.isMicrophoneOpen)
        assertEquals(Sound(isHeard = true, hears = true), peer.sound)
        media.follow(call(Phase.Ongoing, isMuted = true))
        assertTrue(test.isMicrophoneOpen)
        assertEquals(Sound(isHeard = false, hears = true), peer.sound)
        media.leave()
        assertFalse(test.isMicrophoneOpen)
        assertEquals(1, peer.closed)
    }

    @Test
    fun `a new session begins with the sound as it is`() {
        test.connected(1)
        media.follow(call(Phase.Ongoing))
        assertEquals(Sound(isHeard = true, hears = true), test.offer(2).sound)
    }

    @Test
    fun `another call on the phone has the sound while it needs it`() {
        val peer = test.connected(1)
        media.follow(call(Phase.Ongoing))
        media.pauseSound(true)
        assertFalse(test.isMicrophoneOpen)
        assertEquals(Sound.NONE, peer.sound)
        media.pauseSound(false)
        assertTrue(test.isMicrophoneOpen)
        assertEquals(Sound(isHeard = true, hears = true), peer.sound)
    }

    @Test
    fun `a station that rings does not close the microphone of another one's call`() {
        test.connected(1)
        media.follow(call(Phase.Ongoing))
        test.shared.want("another station", true)
        test.shared.want("another station", false)
        assertTrue(test.isMicrophoneOpen)
    }

    @Test
    fun `what is left says nothing any more, and asks for nothing`() {
        media.want(CALL)
        media.leave()
        test.news()
        test.pass(60.seconds)
        media.refused(CONNECT, Failed(Code.NoAnswer))
        media.add(Ice(CALL, SessionNo(1), 0, UDP))
        assertEquals(emptyList<Any>(), test.news())
    }

    @Test
    fun `another call ends the session of the one before`() {
        val peer = test.connected(5)
        test.offer(1, CallId(8))
        assertEquals(1, peer.closed)
        assertEquals(2, test.peers.size)
    }

    private companion object {
        val UDP = Candidate("candidate:1 1 UDP 2122260223 192.0.2.1 5000 typ host")
    }
}
