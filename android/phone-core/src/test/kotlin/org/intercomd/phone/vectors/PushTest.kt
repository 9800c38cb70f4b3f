// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.vectors

import org.intercomd.phone.call.Phase
import org.intercomd.phone.handset.PushedPhone
import org.intercomd.phone.json.Json
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.push.PushKeys
import org.intercomd.phone.push.UncompressedPoint
import org.intercomd.phone.time.WallTime
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.security.KeyPair

/** Every body of `tests/vectors/push.json`, by what it does to a handset. */
class PushTest {
    private val file = Vectors.read("push.json")
    private val cases = file.each("cases")
    private val keys = keys()

    @TestFactory
    fun bodies(): List<DynamicTest> = cases.map { case ->
        dynamicTest(case.text("name")) { check(case) }
    }

    @Test
    fun `there are bodies of every kind`() {
        val kinds = cases.groupingBy { it.text("name").substringBefore(':') }.eachCount()
        assertTrue(kinds.size > 10, "$kinds")
        assertTrue(kinds.keys.containsAll(setOf("ok", "repeated", "late")), "$kinds")
    }

    private fun check(case: Json.Object) {
        val (phone, before) = phone(case)
        val (expect, body) = case["expect"].asObject to case.bytes("body")
        val refusal = phone.push(body)
        assertEquals(expect["refused"]?.let { (it as Json.Text).text }, refusal?.word)
        val phase = phone.handset.calls.call?.phase as? Phase.Ringing
        val said = expect["ok"]?.asObject
        if (said == null) {
            assertEquals(before, phase, "what is no news changes nothing")
            return
        }
        assertArrayEquals(case.text("text").toByteArray(), keys.decrypt(body))
        val cid = said["b"].asObject.number("cid")
        assertEquals(maxOf(case.number("knows"), cid), phone.handset.newestCall?.number)
        val lasts = case["rings_ms"]?.let { case.number("rings_ms") }
        assertEquals(lasts, phase?.until?.since(phone.now)?.inWholeMilliseconds)
        assertEquals(lasts?.let { CallId(cid) }, phone.ringing)
    }

    /** One that is as the case says, and its ring if it rings. */
    private fun phone(case: Json.Object): Pair<PushedPhone, Phase.Ringing?> {
        val rings = case["rings"]?.let { case.number("rings") }
        val knows = rings?.minus(1) ?: case.number("knows")
        val wall = WallTime(case.number("now") * 1000)
        val phone = PushedPhone(keys, CallId(knows), wall)
        if (rings != null) phone.push(phone.ring(rings))
        return phone to phone.handset.calls.call?.phase as? Phase.Ringing
    }

    private fun keys(): PushKeys {
        val public = UncompressedPoint.read(file.bytes("p256dh"))
        val private = Vectors.privateKey(file.bytes("d"))
        return PushKeys(KeyPair(public, private), file.bytes("auth"))
    }
}
