// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import android.app.Activity
import android.app.KeyguardManager
import android.content.Intent
import android.os.Bundle
import android.os.Handler

/** Before Android 11: has the system ask for what unlocks the phone. It shows nothing itself. */
class ConfirmActivity : Activity() {
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        val mine = waiting
        Handler(mainLooper).postDelayed({ if (mine === waiting) expire() }, ScreenAsker.LASTS)
        if (savedInstanceState != null) return
        val question = question(intent.getCharSequenceExtra(TITLE))
        if (question == null) end(null) else startActivityForResult(question, 0)
    }

    override fun onActivityResult(request: Int, result: Int, data: Intent?) =
        end(result == RESULT_OK)

    override fun onDestroy() {
        if (isFinishing) tell(false)
        super.onDestroy()
    }

    private fun expire() {
        if (isFinishing || isDestroyed) return
        finishActivity(0)
        end(false)
    }

    private fun end(agrees: Boolean?) {
        tell(agrees)
        finish()
    }

    /** Null where there is no screen lock. */
    @Suppress("DEPRECATION")
    private fun question(title: CharSequence?): Intent? =
        getSystemService(KeyguardManager::class.java)
            ?.createConfirmDeviceCredentialIntent(title, null)

    companion object {
        private const val TITLE = "title"

        /** Of the main thread. */
        private var waiting: ((Boolean?) -> Unit)? = null

        internal fun ask(screen: Activity, title: CharSequence, answer: (Boolean?) -> Unit) {
            tell(false)
            waiting = answer
            val intent = Intent(screen, ConfirmActivity::class.java).putExtra(TITLE, title)
            screen.startActivity(intent)
        }

        /** Once. */
        private fun tell(agrees: Boolean?) {
            val answer = waiting ?: return
            waiting = null
            answer(agrees)
        }
    }
}
