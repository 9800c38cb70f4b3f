// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import org.intercomd.intercom.call.Notice
import org.intercomd.intercom.notification.CallIntents
import org.intercomd.intercom.text.Saying
import org.intercomd.intercom.text.Text

/** It rings: who it is, and what to do about it. */
class IncomingCallActivity : CallScreen() {
    private val intents
        get() = CallIntents(this, calls.station.id)

    override fun build() {
        button(Text.Accept, GREEN, ::accept)
        button(Text.Decline, RED, ::leave)
        button(Text.Silence) { calls.silence() }
    }

    override fun words(notice: Notice): Saying? {
        val ring = notice as? Notice.Ring ?: return null
        return ring.contact?.let { Saying(Text.RingsFor, it) } ?: Saying(Text.Rings)
    }

    override fun update() {
        // Answered by a headset, a watch or a car.
        if (calls.notice is Notice.Ongoing && isInFront) startActivity(intents.call())
        super.update()
    }

    private fun accept() {
        startActivity(intents.accepted())
        finish()
    }
}
