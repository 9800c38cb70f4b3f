// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.app.Activity
import android.app.Dialog
import android.app.KeyguardManager
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Looper
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.EditText
import android.widget.TextView
import org.intercomd.app.TestApp
import org.intercomd.app.page.invitation
import org.intercomd.app.page.link
import org.intercomd.app.text.Saying
import org.intercomd.intercom.text.Phrase
import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.net.station.StationServer
import org.intercomd.phone.vectors.Vectors
import org.junit.rules.ExternalResource
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import java.time.Duration

/** The app's screens on a phone with a screen lock, and a station to be paired with. */
internal class Screens : ExternalResource() {
    val app = RuntimeEnvironment.getApplication() as TestApp
    val station = StationServer()
    private val opened = mutableListOf<ActivityController<out Activity>>()

    override fun before() {
        val guard = checkNotNull(app.getSystemService(KeyguardManager::class.java))
        shadowOf(guard).setIsDeviceSecure(true)
        shadowOf(app).checkActivities(false)
        hasCamera(true)
    }

    fun hasCamera(isThere: Boolean) = shadowOf(app.packageManager)
        .setSystemFeature(PackageManager.FEATURE_CAMERA_ANY, isThere)

    override fun after() {
        opened.forEach { it.close() }
        app.device.stations.forEach { it.close() }
        station.close()
    }

    /** To pair with the station. */
    val link: String
        get() = link(pin = "", at = listOf(station.address), key = Vectors.thumbprint("station"))

    fun answers(t: String, answer: String, vararg members: Pair<String, Json?>) {
        synchronized(station.station) {
            station.station.answers[t] = { answer to Json.of(*members) }
        }
    }

    /** How often. */
    fun heard(t: String): Int = station.heardOf(t).size

    /** Until it is linked. */
    fun pair(): Thumbprint {
        val invitation = checkNotNull(invitation(link))
        app.device.pair(invitation, checkNotNull(Label.parse("Kitchen"))) {}
        await("linked") { app.stations.views.singleOrNull()?.isLinked == true }
        return app.stations.views.single().id
    }

    inline fun <reified A : Activity> open(intent: Intent? = null): A =
        Robolectric.buildActivity(A::class.java, intent).also(::opened).setup().get()

    fun opened(controller: ActivityController<out Activity>) {
        opened += controller
    }

    fun hide(screen: Activity) {
        of(screen).pause().stop()
    }

    fun show(screen: Activity) {
        of(screen).restart().start().resume()
    }

    /** The screen that takes its place. */
    fun <A : Activity> turn(screen: A): A {
        @Suppress("UNCHECKED_CAST")
        val controller = of(screen) as ActivityController<A>
        return controller.recreate().get()
    }

    @Suppress("DEPRECATION")
    fun back(screen: Activity) = screen.onBackPressed()

    fun idle() = shadowOf(Looper.getMainLooper()).idle()

    fun pass(seconds: Long) = shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(seconds))

    private fun of(screen: Activity) = opened.single { it.get() === screen }

    /** What other threads say, too. */
    fun await(what: String, isSo: () -> Boolean) {
        repeat(LONG * 100) {
            idle()
            if (isSo()) return
            Thread.sleep(10)
        }
        throw AssertionError("never $what")
    }

    fun say(text: Phrase, vararg values: Any): String = app.texts.of(Saying(text, values.toList()))

    companion object {
        /** Seconds; what never comes is waited for so long. */
        const val LONG = 30
    }
}

internal fun Activity.texts(): List<String> = texts(window.decorView)

internal fun Activity.press(text: String) = press(window.decorView, text)

internal fun Dialog.texts(): List<String> = texts(checkNotNull(window).decorView)

internal fun Dialog.press(text: String) = press(checkNotNull(window).decorView, text)

internal fun Activity.fields(): List<EditText> =
    views(window.decorView).filterIsInstance<EditText>()

private fun views(view: View): List<View> = if (view is ViewGroup) {
    listOf(view) + (0 until view.childCount).flatMap { views(view.getChildAt(it)) }
} else {
    listOf(view)
}

private fun texts(view: View): List<String> =
    views(view).filterIsInstance<TextView>().map { "${it.text}" }

private fun press(view: View, text: String) {
    val button = views(view).filterIsInstance<Button>().single { "${it.text}" == text }
    button.performClick()
}

internal fun Activity.previews(): List<PreviewView> =
    views(window.decorView).filterIsInstance<PreviewView>()
