// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.os.Bundle
import org.intercomd.intercom.call.Notice
import org.intercomd.intercom.notification.CallIntents
import org.intercomd.intercom.text.Text

/** It rings: who it is, and what to do about it. */
class IncomingCallActivity : CallScreen() {
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        if (isFinishing) return
        button(Text.Accept, ::accept)
        button(Text.Decline) { calls.leave() }
        button(Text.Silence) { calls.silence() }
    }

    override fun update() {
        val ring = calls.notice as? Notice.Ring ?: return finish()
        val rings = ring.contact?.let { intercom.texts.of(Text.RingsFor, it) }
        show(ring.station.name, rings ?: intercom.texts.of(Text.Rings))
    }

    private fun accept() {
        startActivity(CallIntents(this, calls.station.id).accepted())
        finish()
    }
}
