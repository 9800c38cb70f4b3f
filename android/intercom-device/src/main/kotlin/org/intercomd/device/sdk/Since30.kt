// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.sdk

import android.annotation.TargetApi
import android.app.Activity
import android.hardware.biometrics.BiometricManager.Authenticators
import android.hardware.biometrics.BiometricPrompt
import android.os.CancellationSignal
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.security.Signature

@TargetApi(30)
internal object Since30 {
    fun askEachTime(builder: KeyGenParameterSpec.Builder) {
        val whoever = KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL
        builder.setUserAuthenticationParameters(0, whoever)
    }

    /**
     * [answer] is called once, on the main thread; [signature] can be used if it was a yes. What is
     * given back takes the question away, which is a no.
     */
    fun ask(
        screen: Activity,
        title: CharSequence,
        signature: Signature,
        answer: (Boolean) -> Unit,
    ): CancellationSignal {
        val question = CancellationSignal()
        val whoever = Authenticators.BIOMETRIC_STRONG or Authenticators.DEVICE_CREDENTIAL
        BiometricPrompt.Builder(screen)
            .setTitle(title)
            .setAllowedAuthenticators(whoever)
            .setConfirmationRequired(false)
            .build()
            .authenticate(
                BiometricPrompt.CryptoObject(signature),
                question,
                screen.mainExecutor,
                Answers(answer),
            )
        return question
    }

    /** What failed once may be tried again by the person: no answer yet. */
    @TargetApi(30)
    private class Answers(private val answer: (Boolean) -> Unit) :
        BiometricPrompt.AuthenticationCallback() {
        override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult) =
            answer(true)

        override fun onAuthenticationError(code: Int, message: CharSequence?) = answer(false)
    }
}
