// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.content.Intent
import android.os.Bundle
import android.widget.Button
import org.intercomd.intercom.call.Notice
import org.intercomd.intercom.notification.CallAction
import org.intercomd.intercom.notification.CallIntents
import org.intercomd.intercom.notification.state
import org.intercomd.intercom.permission.NeededPermission
import org.intercomd.intercom.permission.isGranted
import org.intercomd.intercom.text.Text
import org.intercomd.phone.link.message.CallId

/** In a call, or on the way into one. */
class CallActivity : CallScreen() {
    private var mute: Button? = null

    /** Accepted, but the phone is to be unlocked first. */
    private var asksForLock = false

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        if (isFinishing) return
        mute = button(Text.Mute) { calls.call?.let { calls.mute(!it.isMuted) } }
        button(Text.HangUp) { calls.leave() }
        update()
        val microphone = NeededPermission.Microphone.permission
        if (!isGranted(microphone)) requestPermissions(arrayOf(microphone), MICROPHONE)
    }

    override fun onRequestPermissionsResult(
        requestCode: Int,
        permissions: Array<out String>,
        grantResults: IntArray,
    ) {
        super.onRequestPermissionsResult(requestCode, permissions, grantResults)
        if (isFinishing) return
        intercom.lookAgain()
        update()
    }

    override fun wanted(intent: Intent) {
        if (CallAction.of(intent) != CallAction.Accept) return
        // Being shown once more, as after a turn of the phone, is no second answer.
        intent.action = Intent.ACTION_VIEW
        if (isKeptOut) asksForLock = true else calls.answer()
    }

    /** Android refuses whoever asks before it is to be seen. */
    override fun onResume() {
        super.onResume()
        if (isFinishing || !asksForLock) return
        asksForLock = false
        val cid = calls.call?.cid
        lock.open { isOpen -> unlocked(cid, isOpen) }
    }

    private fun unlocked(cid: CallId?, isOpen: Boolean) {
        // A ring that came meanwhile is not the one that was accepted.
        if (calls.notice !is Notice.Ring || calls.call?.cid != cid) return
        if (isOpen) return calls.answer()
        startActivity(CallIntents(this, calls.station.id).ring())
        finish()
    }

    override fun update() {
        when (val notice = calls.notice) {
            is Notice.Ongoing -> {
                show(notice.station.name, intercom.texts.of(text(notice)))
                mute?.text = intercom.texts.of(if (notice.isMuted) Text.Unmute else Text.Mute)
            }

            // The answer is on its way, or was not taken.
            is Notice.Ring -> {
                val how = if (isKeptOut) Text.UnlockToAnswer else Text.Connecting
                show(notice.station.name, intercom.texts.of(how))
            }

            null -> finish()
        }
    }

    private fun text(call: Notice.Ongoing): Text {
        val isHeard = isGranted(NeededPermission.Microphone.permission)
        return if (call.isJoined && !isHeard) Text.NoMicrophone else state(call)
    }

    private companion object {
        const val MICROPHONE = 1
    }
}
