// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import org.intercomd.phone.keys.PlatformKeyPair
import java.security.KeyStoreException

/** A key store in memory: Android Keystore is not there where these tests run. */
class TestVault : KeyVault {
    val plans = LinkedHashMap<String, KeyPlan>()
    private val keys = HashMap<String, PlatformKeyPair>()
    var hasStrongBox = true
    var fails: (String) -> Boolean = { false }

    override fun generate(alias: String, plan: KeyPlan): PlatformKeyPair {
        if (fails(alias)) throw VaultFailed(KeyStoreException("full"))
        if (plan.isInStrongBox && !hasStrongBox) throw StrongBoxFailed(KeyStoreException("none"))
        plans[alias] = plan
        return PlatformKeyPair.generate().also { keys[alias] = it }
    }

    override fun find(alias: String): PlatformKeyPair? = keys[alias]

    override fun delete(alias: String) {
        plans -= alias
        keys -= alias
    }

    override fun aliases(): List<String> = keys.keys.toList()
}
