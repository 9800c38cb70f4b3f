// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.app.Activity
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.os.Bundle
import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.Button
import android.widget.FrameLayout
import android.widget.LinearLayout
import android.widget.TextView
import org.intercomd.intercom.Intercom
import org.intercomd.intercom.call.CallPresenter
import org.intercomd.intercom.notification.CallAction
import org.intercomd.intercom.text.Text

/** A screen over the lock screen that is there for as long as a call of its station is. */
abstract class CallScreen : Activity() {
    internal lateinit var intercom: Intercom
        private set
    internal lateinit var calls: CallPresenter
        private set
    private lateinit var column: LinearLayout
    private lateinit var buttons: LinearLayout
    private lateinit var title: TextView
    private lateinit var state: TextView
    private lateinit var picture: FrameLayout
    private val onChange = { update() }
    private val onUnlock = object : BroadcastReceiver() {
        override fun onReceive(context: Context, intent: Intent?) = update()
    }
    internal val lock by lazy { PhoneLock(this) }

    /** The person wants the phone to be unlocked first, and it is not. */
    internal val isKeptOut: Boolean
        get() = !calls.settings.answersLocked && lock.isLocked

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        if (!take(intent)) return
        showOverLockScreen()
        build()
        wanted(intent)
        intercom.watch(onChange)
        registerReceiver(onUnlock, IntentFilter(Intent.ACTION_USER_PRESENT))
        update()
    }

    /** The phone may have been locked in the meantime. */
    override fun onResume() {
        super.onResume()
        if (!isFinishing) update()
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        setIntent(intent)
        if (!take(intent)) return
        wanted(intent)
        update()
    }

    override fun onDestroy() {
        if (::intercom.isInitialized) {
            intercom.unwatch(onChange)
            unregisterReceiver(onUnlock)
        }
        super.onDestroy()
    }

    /** What the intent asks for, beyond being shown. */
    protected open fun wanted(intent: Intent) = Unit

    /** Shows what is so now, or finishes. */
    protected abstract fun update()

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

    private fun build() {
        column = LinearLayout(this).apply {
            orientation = LinearLayout.VERTICAL
            gravity = Gravity.CENTER_HORIZONTAL
            val edge = (EDGE * resources.displayMetrics.density).toInt()
            setPadding(edge, edge, edge, edge)
            fitsSystemWindows = true
        }
        title = TextView(this).apply { textSize = TITLE }
        state = TextView(this).apply {
            textSize = BODY
            accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
        }
        buttons = LinearLayout(this).apply { orientation = LinearLayout.VERTICAL }
        column.addView(title)
        column.addView(state)
        picture = FrameLayout(this)
        column.addView(picture, LinearLayout.LayoutParams(MATCH_PARENT, 0, 1f))
        column.addView(buttons, LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        setContentView(column)
    }

    protected fun show(name: String, how: String) {
        setTitle(name)
        title.text = name
        if (state.text.toString() != how) state.text = how
        showPicture()
    }

    private fun showPicture() {
        if (isKeptOut) return picture.removeAllViews()
        if (picture.childCount == 0) intercom.picture(this, calls.station)?.let(picture::addView)
    }

    internal fun button(text: Text, press: () -> Unit): Button = Button(this).apply {
        this.text = intercom.texts.of(text)
        minHeight = (TOUCH * resources.displayMetrics.density).toInt()
        setOnClickListener { press() }
        buttons.addView(this, LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT))
    }

    private companion object {
        const val EDGE = 24
        const val TOUCH = 56
        const val TITLE = 28f
        const val BODY = 18f
    }
}
