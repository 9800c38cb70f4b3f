// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.app.Activity
import android.app.AlertDialog
import android.content.ActivityNotFoundException
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import android.provider.Settings
import android.view.View
import org.intercomd.app.App
import org.intercomd.app.page.Page
import org.intercomd.app.page.Wish
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.phone.keys.Thumbprint

/** A screen that shows a page for as long as it is to be seen. */
abstract class PageActivity : Activity() {
    internal val app: App
        get() = application as App
    internal lateinit var view: PageView
        private set
    private val onChange = { changed() }

    /** Null where there is nothing to show any more. */
    protected abstract fun page(): Page?

    protected abstract fun wants(wish: Wish)

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        view = PageView(this, app.texts, ::wants)
        setContentView(content())
    }

    /** What there is beside the page. */
    protected open fun content(): View = view

    override fun onStart() {
        super.onStart()
        app.stations.watch(onChange)
    }

    /** Also after a visit to Android's settings. */
    override fun onResume() {
        super.onResume()
        update()
    }

    override fun onStop() {
        app.stations.unwatch(onChange)
        super.onStop()
    }

    /** Something is known that was not. */
    protected open fun changed() = update()

    protected open fun update() {
        val page = page() ?: return finish()
        title = app.texts.of(page.title)
        view.show(page.rows)
    }

    internal fun open(screen: Class<out Activity>, station: Thumbprint? = null) =
        startActivity(Intent(this, screen).putExtra(STATION, station?.text))

    protected fun station(): Thumbprint? = intent.getStringExtra(STATION)?.let(Thumbprint::parse)

    internal fun open(settings: Wish.Settings) {
        val intent = Intent(settings.action)
        if (settings.isOfApp) {
            intent.putExtra(Settings.EXTRA_APP_PACKAGE, packageName)
            // The page of notifications is told by the extra, and takes no data.
            if (settings.action != Settings.ACTION_APP_NOTIFICATION_SETTINGS) {
                intent.data = Uri.fromParts("package", packageName, null)
            }
        }
        openSettings(intent)
    }

    protected fun ask(wish: Wish.Ask) = requestPermissions(arrayOf(wish.permission), 0)

    protected fun openSettings(intent: Intent) {
        try {
            startActivity(intent)
        } catch (_: ActivityNotFoundException) {
            startActivity(Intent(Settings.ACTION_SETTINGS))
        }
    }

    /** What cannot be taken back is asked about first. */
    protected fun confirm(question: Text, yes: Text, act: () -> Unit) {
        AlertDialog.Builder(this)
            .setMessage(app.texts.of(Saying(question)))
            .setPositiveButton(app.texts.of(Saying(yes))) { _, _ -> act() }
            .setNegativeButton(android.R.string.cancel, null)
            .show()
    }

    private companion object {
        const val STATION = "station"
    }
}
