// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.door

import org.intercomd.phone.keys.Nonce
import org.intercomd.phone.link.message.Action
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Challenge
import org.intercomd.phone.link.message.ChallengeIs
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.time.Moment
import org.intercomd.phone.vectors.Vectors
import org.intercomd.phone.words.Code
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.seconds

class DoorsTest {
    private val station = Vectors.publicKey("station").thumbprint
    private val handset = Vectors.publicKey("handset_call").thumbprint
    private val house = DoorName("house")
    private val nonce = Nonce.of(ByteArray(16) { 3 })
    private val challenge = ChallengeIs(nonce, 30.seconds)
    private val doors = Doors(station, handset)
    private val start = Moment(0)

    private fun challenged() {
        doors.open(house, CallId(7))
        doors.answered(Challenge(house), challenge, start)
    }

    @Test
    fun `a door opens once the action key has signed for it and for the call`() {
        assertEquals(DoorEffect.Ask(Challenge(house)), doors.open(house, CallId(7)))
        val sign = doors.answered(Challenge(house), challenge, start) as DoorEffect.Sign
        assertArrayEquals(openText(station, handset, house, CallId(7), nonce), sign.text)
        val ask = doors.signed(house, ByteArray(64)) as DoorEffect.Ask
        assertEquals(Action(house, nonce, ByteArray(64)).body, ask.request.body)
        assertEquals(DoorProgress.Opening, doors.progress[house])
        doors.answered(ask.request, Done(), start)
        assertEquals(DoorProgress.Opened(start + 6.seconds), doors.progress[house])
        doors.tick(start + 6.seconds)
        assertNull(doors.progress[house])
    }

    @Test
    fun `a door that is being opened is not asked for again`() {
        doors.open(house, null)
        assertNull(doors.open(house, null))
        doors.answered(Challenge(house), challenge, start)
        assertNull(doors.open(house, null))
        doors.signed(house, ByteArray(64))
        assertNull(doors.open(house, null))
    }

    @Test
    fun `whatever the station refuses is told with its code, and can be tried again`() {
        doors.open(house, null)
        val locked = Failed(Code.Locked)
        doors.answered(Challenge(house), locked, start)
        assertEquals(DoorProgress.Refused(locked, start + 6.seconds), doors.progress[house])
        assertEquals(DoorEffect.Ask(Challenge(house)), doors.open(house, null))
        doors.answered(Challenge(house), challenge, start)
        val ask = doors.signed(house, ByteArray(64)) as DoorEffect.Ask
        doors.answered(ask.request, Failed(Code.NoAnswer), start)
        assertEquals(Code.NoAnswer, refusal())
    }

    @Test
    fun `a person who says no opens nothing`() {
        challenged()
        doors.notSigned(house, start)
        assertEquals(Code.Stopped, refusal())
        assertNull(doors.signed(house, ByteArray(64)))
    }

    @Test
    fun `a challenge that lapsed is not answered`() {
        challenged()
        assertEquals(start + 30.seconds, doors.due())
        doors.tick(start + 30.seconds)
        assertEquals(Code.BadChallenge, refusal())
        assertNull(doors.signed(house, ByteArray(64)))
    }

    @Test
    fun `what was not asked for is ignored`() {
        assertNull(doors.answered(Challenge(house), challenge, start))
        assertNull(doors.signed(house, ByteArray(64)))
        assertEquals(emptyMap<DoorName, DoorProgress>(), doors.progress)
    }

    private fun refusal(): Code? = (doors.progress[house] as? DoorProgress.Refused)?.error?.code
}
