// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.content.Intent
import android.os.Bundle
import android.view.View
import android.widget.Button
import org.intercomd.intercom.audio.Route
import org.intercomd.intercom.audio.Sound
import org.intercomd.intercom.call.Notice
import org.intercomd.intercom.notification.CallAction
import org.intercomd.intercom.notification.CallIntents
import org.intercomd.intercom.notification.state
import org.intercomd.intercom.permission.NeededPermission
import org.intercomd.intercom.permission.isGranted
import org.intercomd.intercom.text.Saying
import org.intercomd.intercom.text.Text
import org.intercomd.phone.link.message.CallId

/** In a call, or on the way into one. */
class CallActivity : CallScreen() {
    private var mute: Button? = null
    private var sound: Button? = null
    private var resume: Button? = null
    private val ear by lazy { AtTheEar(this) }

    /** Accepted, but the phone is to be unlocked first. */
    private var asksForLock = false

    /** The ring that was accepted here, until it is answered. A turn of the phone keeps it. */
    private var accepted: CallId?
        get() = intent.getLongExtra(ACCEPTED, NONE).takeIf { it != NONE }?.let(::CallId)
        set(cid) {
            intent.putExtra(ACCEPTED, cid?.number ?: NONE)
        }

    /** It rings and is yet to be accepted: another time, or after a refused answer. */
    private val isAsked: Boolean
        get() = calls.notice is Notice.Ring && calls.call?.cid != accepted

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        if (isFinishing) return
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

    override fun build() {
        resume = button(Text.Resume) { calls.hold(false) }
        mute = button(Text.Mute) { calls.call?.let { calls.mute(!it.isMuted) } }
        sound = button(Text.RouteSpeaker) { calls.sound.other?.let(calls::choose) }
        button(Text.HangUp, RED, ::leave)
    }

    override fun wanted(intent: Intent) {
        if (CallAction.of(intent) != CallAction.Accept) return
        // Being shown once more, as after a turn of the phone, is no second answer.
        intent.action = Intent.ACTION_VIEW
        accepted = calls.call?.cid
        if (isKeptOut) asksForLock = true else calls.answer()
    }

    /** Android refuses whoever asks before it is to be seen. */
    override fun onResume() {
        super.onResume()
        if (isFinishing || !asksForLock) return
        asksForLock = false
        lock.open(::unlocked)
    }

    override fun onPause() {
        ear.look(isHeard = false)
        super.onPause()
    }

    private fun unlocked(isOpen: Boolean) {
        if (calls.notice !is Notice.Ring || isAsked) return
        if (isOpen) calls.answer() else openRing()
    }

    /** The person may be in another station's call, too, which waits. */
    override fun close() {
        val other = intercom.otherCall(calls.station.id).takeUnless { isHidden }
        if (other == null) finish() else onNewIntent(other)
    }

    /** Where it is accepted or declined. */
    private fun openRing() {
        startActivity(CallIntents(this, calls.station.id).ring())
        finish()
    }

    override fun words(notice: Notice): Saying = when (notice) {
        is Notice.Ongoing -> Saying(text(notice))

        // The answer is on its way.
        is Notice.Ring -> Saying(if (isKeptOut) Text.UnlockToAnswer else Text.Connecting)
    }

    override fun update() {
        if (calls.notice is Notice.Ongoing) accepted = null
        if (isAsked) return openRing()
        super.update()
        val call = calls.notice as? Notice.Ongoing
        resume?.visibility = if (call?.isPaused == true) View.VISIBLE else View.GONE
        mute?.text = intercom.texts.of(if (call?.isMuted == true) Text.Unmute else Text.Mute)
        show(calls.sound.takeIf { call?.isJoined == true })
    }

    private fun show(now: Sound?) {
        ear.look(isHeard = isInFront && now?.route == Route.Earpiece)
        val (from, to) = now?.route to now?.other
        val isThere = from != null && to != null
        sound?.visibility = if (isThere) View.VISIBLE else View.GONE
        if (!isThere) return
        sound?.text = intercom.texts.of(Text.Sound, Saying(name(from)), Saying(name(to)))
    }

    private fun text(call: Notice.Ongoing): Text {
        val isHeard = isGranted(NeededPermission.Microphone.permission)
        return if (call.isJoined && !isHeard) Text.NoMicrophone else state(call)
    }

    private fun name(route: Route): Text = when (route) {
        Route.Earpiece -> Text.RouteEarpiece
        Route.Bluetooth -> Text.RouteBluetooth
        Route.WiredHeadset -> Text.RouteWiredHeadset
        Route.Speaker -> Text.RouteSpeaker
        Route.Elsewhere -> Text.RouteElsewhere
    }

    private companion object {
        const val MICROPHONE = 1
        const val ACCEPTED = "accepted"
        const val NONE = -1L
    }
}
