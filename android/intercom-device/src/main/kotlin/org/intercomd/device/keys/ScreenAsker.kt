// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import android.annotation.TargetApi
import android.app.Activity
import android.os.Build
import android.os.Handler
import android.os.Looper
import android.os.SystemClock
import org.intercomd.device.sdk.Since30
import org.intercomd.phone.keys.BegunSignature
import org.intercomd.phone.link.message.DoorName
import java.security.Signature

/** Asks on a screen of this app: by finger or face, or by what unlocks the phone. */
class ScreenAsker(
    /** One that is to be seen. */
    private val screen: () -> Activity?,
    private val title: (DoorName) -> CharSequence,
) : Asker {
    private val main = Handler(Looper.getMainLooper())

    override fun ask(door: DoorName, signature: BegunSignature?, answer: (Boolean?) -> Unit) {
        main.post {
            val screen = screen()
            when {
                screen == null -> answer(null)

                signature != null && Build.VERSION.SDK_INT >= 30 ->
                    ask(screen, title(door), signature.signature, answer)

                else -> ConfirmActivity.ask(screen, title(door), answer)
            }
        }
    }

    @TargetApi(30)
    private fun ask(
        screen: Activity,
        title: CharSequence,
        signature: Signature,
        answer: (Boolean?) -> Unit,
    ) {
        val late = Any()
        val question =
            Since30.ask(screen, title, signature) {
                // Some Androids would take away whatever is asked then.
                main.removeCallbacksAndMessages(late)
                answer(it)
            }
        main.postAtTime(question::cancel, late, SystemClock.uptimeMillis() + LASTS)
    }

    internal companion object {
        /** A station waits no longer for who is to open a door. */
        const val LASTS = 30_000L
    }
}
