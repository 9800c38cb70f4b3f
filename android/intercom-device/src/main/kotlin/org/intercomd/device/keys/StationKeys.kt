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

    /** What cannot be deleted now is, by [keepOnly], when the app starts again. */
    fun delete(name: KeysName) = try {
        aliases(name).forEach(vault::delete)
    } catch (_: VaultFailed) {
        // Nothing asks for it any more.
    }

    /** Deletes all others: those of attempts that ended with the process. */
    fun keepOnly(names: List<KeysName>) = try {
        val kept = names.flatMap(::aliases)
        vault.aliases().filter(OURS::containsMatchIn).minus(kept).forEach(vault::delete)
    } catch (_: VaultFailed) {
        // As above.
    }

    private fun makeAction(name: KeysName, plan: KeyPlan) = try {
        vault.generate(actionAlias(name), plan)
    } catch (_: StrongBoxFailed) {
        // Some say that they have one, and fail.
        vault.generate(actionAlias(name), plan.copy(isInStrongBox = false))
    }

    private fun aliases(name: KeysName) = listOf(callAlias(name), actionAlias(name))

    private fun callAlias(name: KeysName) = "intercomd.call.$name"

    private fun actionAlias(name: KeysName) = "intercomd.action.$name"

    private companion object {
        /** The key of [AndroidSeal] is none of them. */
        val OURS = Regex("""^intercomd\.(call|action)\.""")
        const val NAME_SIZE = 16
    }
}
