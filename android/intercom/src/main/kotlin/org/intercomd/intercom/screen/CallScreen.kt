// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.app.Activity
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.os.Bundle
import android.widget.Button
import org.intercomd.intercom.Intercom
import org.intercomd.intercom.call.CallPresenter
import org.intercomd.intercom.call.Notice
import org.intercomd.intercom.notification.CallAction
import org.intercomd.intercom.text.Saying
import org.intercomd.intercom.text.Text
import org.intercomd.intercom.text.wordsElsewhere

/** A screen over the lock screen that is there for as long as a call of its station is. */
abstract class CallScreen : Activity() {
    internal lateinit var intercom: Intercom
        private set
    internal lateinit var calls: CallPresenter
        private set
    internal var isHidden = false
        private set
    internal var isInFront = false
        private set
    private lateinit var view: CallView
    private val onChange = { if (!isFinishing) update() }
    private val onUnlock = object : BroadcastReceiver() {
        override fun onReceive(context: Context, intent: Intent?) = onChange()
    }
    internal val lock by lazy { PhoneLock(this) }

    /** The person wants the phone to be unlocked first, and it is not. */
    internal val isKeptOut: Boolean
        get() = !calls.settings.answersLocked && lock.isLocked

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        if (!take(intent)) return
        showOverLockScreen()
        view = CallView(this, intercom.texts) { calls.openDoor(it) }
        setContentView(view)
        build()
        wanted(intent)
        intercom.watch(onChange)
        registerReceiver(onUnlock, IntentFilter(Intent.ACTION_USER_PRESENT))
        update()
    }

    /** The phone may have been locked in the meantime. */
    override fun onResume() {
        isInFront = true
        super.onResume()
        onChange()
    }

    override fun onPause() {
        isInFront = false
        super.onPause()
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        setIntent(intent)
        val before = calls
        if (!take(intent)) return
        if (calls !== before) view.begin()
        wanted(intent)
        update()
    }

    override fun onStart() {
        super.onStart()
        isHidden = false
    }

    override fun onStop() {
        isHidden = true
        super.onStop()
    }

    override fun onDestroy() {
        if (::intercom.isInitialized) {
            intercom.unwatch(onChange)
            unregisterReceiver(onUnlock)
        }
        super.onDestroy()
    }

    /** Its buttons. */
    protected abstract fun build()

    /** What the intent asks for, beyond being shown. */
    protected open fun wanted(intent: Intent) = Unit

    /** What is so now, in words; null if it is not for this screen. */
    internal abstract fun words(notice: Notice): Saying?

    protected fun leave() {
        val left = calls
        left.leave()
        // It may show another call by now.
        if (calls === left) close()
    }

    protected open fun close() = finish()

    internal fun button(text: Text, colour: Int? = null, press: () -> Unit): Button =
        view.button(colour, press).apply { this.text = intercom.texts.of(text) }

    internal open fun update() {
        val notice = calls.notice
        val words = if (notice == null) over() else words(notice)
        if (words == null) return close()
        setTitle(calls.station.name)
        view.show(calls.station.name, intercom.texts.of(words))
        view.showButtons(notice != null)
        val doors = calls.doors
        view.showDoors(if (notice == null) doors.map { it.copy(mayOpen = false) } else doors)
        val isVideo = notice?.isVideo == true && !isKeptOut
        view.showPicture(if (isVideo) ::picture else null)
    }

    /** What is still to be told: who took the ring, and what becomes of a door. */
    private fun over(): Saying? {
        val elsewhere = calls.elsewhere
        return when {
            elsewhere != null && !isHidden -> wordsElsewhere(elsewhere)
            calls.doors.any { it.progress != null } -> Saying(Text.Over)
            else -> null
        }
    }

    private fun picture() = intercom.picture(this, calls.station)

    private fun take(intent: Intent): Boolean {
        val installed = Intercom.installed
        val named = CallAction.station(intent)?.let { installed?.calls(it) }
        if (installed == null || named == null) {
            finish()
            return false
        }
        intercom = installed
        calls = named
        return true
    }
}
