// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import org.intercomd.phone.keys.Entropy
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

class StationKeysTest {
    private val vault = TestVault()
    private var phone = PhoneSecurity(sdk = 35, hasStrongBox = true, hasScreenLock = true)
    private val keys = StationKeys(vault, { phone }, Entropy.secure())

    @Test
    fun `the call key asks nobody and is not in the slow store`() {
        keys.make()
        assertEquals(
            KeyPlan(isInStrongBox = false, KeyPlan.Asks.Nobody),
            vault.plans.values.first(),
        )
    }

    @Test
    fun `the action key asks, as strictly as the version of Android can`() {
        val plans =
            listOf(26, 27, 28, 29, 30, 31, 34, 35, 36).associateWith { sdk ->
                phone = phone.copy(sdk = sdk)
                keys.make()
                vault.plans.values.last()
            }
        val early = KeyPlan(isInStrongBox = false, KeyPlan.Asks.JustBefore)
        val boxed = KeyPlan(isInStrongBox = true, KeyPlan.Asks.JustBefore)
        val strict = KeyPlan(isInStrongBox = true, KeyPlan.Asks.EachTime)
        for ((sdk, plan) in plans) {
            val expected =
                when {
                    sdk < 28 -> early
                    sdk < 30 -> boxed
                    else -> strict
                }
            assertEquals("$sdk", expected, plan)
        }
    }

    @Test
    fun `a phone without StrongBox, or with one that fails, has its keys elsewhere`() {
        vault.hasStrongBox = false
        keys.make()
        assertEquals(false, vault.plans.values.last().isInStrongBox)
        phone = phone.copy(hasStrongBox = false)
        vault.hasStrongBox = true
        keys.make()
        assertEquals(false, vault.plans.values.last().isInStrongBox)
    }

    @Test
    fun `without a screen lock there are no keys`() {
        phone = phone.copy(hasScreenLock = false)
        assertThrows(NoScreenLock::class.java) { keys.make() }
        assertTrue(vault.plans.isEmpty())
    }

    @Test
    fun `each attempt has keys of its own`() {
        val (first, second) = keys.make() to keys.make()
        assertNotEquals(first, second)
        keys.delete(second)
        assertNotNull(keys.call(first))
        assertNotNull(keys.action(first))
        assertNull(keys.call(second))
        assertNull(keys.action(second))
    }

    @Test
    fun `keys of attempts that nobody ended are found and deleted, and nothing else is`() {
        val (kept, died) = keys.make() to keys.make()
        keys.delete(keys.make())
        vault.generate("intercomd.seal", KeyPlan.CALL)
        vault.generate("of.somebody.else", KeyPlan.CALL)
        keys.keepOnly(listOf(kept))
        assertNotNull(keys.call(kept))
        assertNotNull(keys.action(kept))
        assertNull(keys.call(died))
        assertNull(keys.action(died))
        assertEquals(4, vault.aliases().size)
    }

    @Test
    fun `half of a pair of keys is not left behind`() {
        vault.fails = { "action" in it }
        assertThrows(VaultFailed::class.java) { keys.make() }
        assertTrue(vault.plans.isEmpty())
    }
}
