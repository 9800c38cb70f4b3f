// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import android.app.KeyguardManager
import android.content.Context
import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import org.intercomd.device.sdk.Since28
import org.intercomd.device.sdk.Since30
import org.intercomd.phone.keys.PlatformKeyPair
import org.intercomd.phone.keys.PublicKey
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.ProviderException
import java.security.UnrecoverableKeyException
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec

/** Android Keystore. Its keys never leave it, nor are they in any backup. */
class AndroidVault : KeyVault {
    override fun generate(alias: String, plan: KeyPlan): PlatformKeyPair = guarded {
        val generator = KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, STORE)
        try {
            generator.initialize(spec(alias, plan))
            val pair = generator.generateKeyPair()
            PlatformKeyPair(pair.private, PublicKey.of(pair.public as ECPublicKey))
        } catch (e: ProviderException) {
            // What StrongBox says that cannot do it is one of these.
            throw if (plan.isInStrongBox) StrongBoxFailed(e) else VaultFailed(e)
        }
    }

    override fun find(alias: String): PlatformKeyPair? = guarded {
        val store = store()
        val certificate = store.getCertificate(alias)
        val private = privateKey(store, alias)
        if (certificate == null || private == null) return@guarded null
        PlatformKeyPair(private, PublicKey.of(certificate.publicKey as ECPublicKey))
    }

    override fun delete(alias: String): Unit = guarded {
        val store = store()
        if (store.containsAlias(alias)) store.deleteEntry(alias)
    }

    override fun aliases(): List<String> = guarded { store().aliases().toList() }

    /** Some versions of Android find no key where it became invalid. */
    private fun privateKey(store: KeyStore, alias: String): PrivateKey? = try {
        store.getKey(alias, null) as PrivateKey?
    } catch (_: UnrecoverableKeyException) {
        null
    }

    private fun spec(alias: String, plan: KeyPlan): KeyGenParameterSpec {
        val builder =
            KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_SIGN)
                .setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
                .setDigests(KeyProperties.DIGEST_SHA256)
                .setUserAuthenticationRequired(plan.asks != KeyPlan.Asks.Nobody)
        when (plan.asks) {
            KeyPlan.Asks.Nobody -> Unit
            KeyPlan.Asks.EachTime -> Since30.askEachTime(builder)
            KeyPlan.Asks.JustBefore -> askJustBefore(builder)
        }
        if (plan.isInStrongBox) Since28.putInStrongBox(builder)
        return builder.build()
    }

    @Suppress("DEPRECATION")
    private fun askJustBefore(builder: KeyGenParameterSpec.Builder) {
        builder.setUserAuthenticationValidityDurationSeconds(JUST_BEFORE)
    }

    private fun store(): KeyStore = KeyStore.getInstance(STORE).apply { load(null) }

    private fun <T> guarded(act: () -> T): T = try {
        act()
    } catch (e: GeneralSecurityException) {
        throw VaultFailed(e)
    } catch (e: ProviderException) {
        throw VaultFailed(e)
    } catch (e: IOException) {
        throw VaultFailed(e)
    }

    companion object {
        internal const val STORE = "AndroidKeyStore"

        /** Seconds. */
        private const val JUST_BEFORE = 10

        fun security(context: Context): PhoneSecurity {
            val sdk = Build.VERSION.SDK_INT
            val guard = context.getSystemService(KeyguardManager::class.java)
            return PhoneSecurity(
                sdk,
                hasStrongBox = context.packageManager.hasSystemFeature(STRONG_BOX),
                hasScreenLock = guard?.isDeviceSecure == true,
            )
        }

        /** `PackageManager.FEATURE_STRONGBOX_KEYSTORE`, whose name is not there before 28. */
        private const val STRONG_BOX = "android.hardware.strongbox_keystore"
    }
}
