// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.ProviderException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** AES-GCM with a key of Android Keystore, which makes the nonces itself: nonce, then the rest. */
class AndroidSeal : Seal {
    override fun close(clear: ByteArray): ByteArray = guarded {
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.ENCRYPT_MODE, key() ?: newKey())
        cipher.iv + cipher.doFinal(clear)
    }

    override fun open(sealed: ByteArray): ByteArray = guarded {
        if (sealed.size < NONCE_SIZE) throw GeneralSecurityException("too short")
        val cipher = Cipher.getInstance(CIPHER)
        val key = key() ?: throw GeneralSecurityException("its key is gone")
        val parameters = GCMParameterSpec(8 * TAG_SIZE, sealed, 0, NONCE_SIZE)
        cipher.init(Cipher.DECRYPT_MODE, key, parameters)
        cipher.doFinal(sealed, NONCE_SIZE, sealed.size - NONCE_SIZE)
    }

    private fun key(): SecretKey? {
        val store = KeyStore.getInstance(AndroidVault.STORE).apply { load(null) }
        return store.getKey(ALIAS, null) as SecretKey?
    }

    private fun newKey(): SecretKey {
        val generator =
            KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, AndroidVault.STORE)
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        generator.init(
            KeyGenParameterSpec.Builder(ALIAS, purposes)
                .setKeySize(KEY_BITS)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .build(),
        )
        return generator.generateKey()
    }

    private fun guarded(act: () -> ByteArray): ByteArray = try {
        act()
    } catch (e: ProviderException) {
        throw GeneralSecurityException(e)
    } catch (e: IOException) {
        throw GeneralSecurityException(e)
    }

    private companion object {
        const val ALIAS = "intercomd.seal"
        const val CIPHER = "AES/GCM/NoPadding"
        const val KEY_BITS = 256
        const val NONCE_SIZE = 12
        const val TAG_SIZE = 16
    }
}
