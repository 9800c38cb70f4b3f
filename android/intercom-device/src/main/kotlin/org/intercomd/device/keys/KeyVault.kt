// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import org.intercomd.phone.keys.PlatformKeyPair

/** Where the private halves are, out of reach of the app itself: Android Keystore. */
interface KeyVault {
    /** @throws StrongBoxFailed @throws VaultFailed */
    fun generate(alias: String, plan: KeyPlan): PlatformKeyPair

    /** Null where it is not there any more. @throws VaultFailed */
    fun find(alias: String): PlatformKeyPair?

    /** @throws VaultFailed */
    fun delete(alias: String)

    /** Of whatever is there. @throws VaultFailed */
    fun aliases(): List<String>
}

class StrongBoxFailed(cause: Exception) : Exception(cause)

class VaultFailed(cause: Exception) : Exception(cause)
