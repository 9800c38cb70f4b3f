// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.PlatformKeyPair

/** Names the keys of one attempt to pair: an earlier pairing with that station stays as it is. */
@JvmInline
value class KeysName(val text: String) {
    override fun toString(): String = text
}

/** The keys of this phone, two for each station. */
class StationKeys(
    private val vault: KeyVault,
    private val phone: () -> PhoneSecurity,
    private val entropy: Entropy,
) {
    /** How an action key is made here. @throws NoScreenLock */
    fun asks(): KeyPlan.Asks = KeyPlan.action(phone()).asks

    /** New ones. @throws NoScreenLock @throws VaultFailed */
    fun make(): KeysName {
        val plan = KeyPlan.action(phone())
        val name = KeysName(Base64Url.encode(entropy.bytes(NAME_SIZE)))
        try {
            vault.generate(callAlias(name), KeyPlan.CALL)
            makeAction(name, plan)
        } catch (e: VaultFailed) {
            delete(name)
            throw e
        }
        return name
    }

    /** Null where it is gone, so that the station is to be paired anew. @throws VaultFailed */
    fun call(name: KeysName): PlatformKeyPair? = vault.find(callAlias(name))

    /** As [call]. */
    fun action(name: KeysName): PlatformKeyPair? = vault.find(actionAlias(name))

    fun delete(name: KeysName) {
        for (alias in listOf(callAlias(name), actionAlias(name))) {
            try {
                vault.delete(alias)
            } catch (_: VaultFailed) {
                // Nobody knows its name any more.
            }
        }
    }

    private fun makeAction(name: KeysName, plan: KeyPlan) = try {
        vault.generate(actionAlias(name), plan)
    } catch (_: StrongBoxFailed) {
        // Some say that they have one, and fail.
        vault.generate(actionAlias(name), plan.copy(isInStrongBox = false))
    }

    private fun callAlias(name: KeysName) = "intercomd.call.$name"

    private fun actionAlias(name: KeysName) = "intercomd.action.$name"

    private companion object {
        const val NAME_SIZE = 16
    }
}
