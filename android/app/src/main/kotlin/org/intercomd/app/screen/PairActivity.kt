// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.content.Intent
import android.content.pm.PackageManager
import android.os.Build
import android.os.Bundle
import android.provider.Settings
import android.view.WindowManager.LayoutParams
import org.intercomd.app.page.Page
import org.intercomd.app.page.PairState
import org.intercomd.app.page.Wish
import org.intercomd.app.page.Written
import org.intercomd.app.page.pairPage
import org.intercomd.app.page.written
import org.intercomd.app.station.missingPermissions
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text

/** Pairs this phone with the station of a link: scanned, pasted, or shared by another app. */
class PairActivity : PageActivity() {
    private var link = ""
    private var label = ""

    /** There are fields to write in. */
    private var isWriting = false

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        // The link holds a secret.
        window.addFlags(LayoutParams.FLAG_SECURE)
        if (savedInstanceState == null) {
            link = shared()
            label = nameOfPhone()
            app.pairing.write()
        } else {
            link = savedInstanceState.getString(LINK).orEmpty()
            label = savedInstanceState.getString(LABEL).orEmpty()
        }
        update()
    }

    override fun onSaveInstanceState(outState: Bundle) {
        keep()
        outState.putString(LINK, link)
        outState.putString(LABEL, label)
        super.onSaveInstanceState(outState)
    }

    override fun onActivityResult(requestCode: Int, resultCode: Int, data: Intent?) {
        super.onActivityResult(requestCode, resultCode, data)
        val scanned = data?.getStringExtra(Intent.EXTRA_TEXT)
        if (requestCode != SCAN || resultCode != RESULT_OK || scanned == null) return
        view.write(Wish.Field.Link, scanned)
        app.pairing.write(Saying(Text.PairScanned))
    }

    override fun page(): Page = pairPage(
        app.pairing.state,
        app.missingPermissions(),
        canScan = packageManager.hasSystemFeature(PackageManager.FEATURE_CAMERA_ANY),
    )

    override fun update() {
        keep()
        super.update()
        val wasWriting = isWriting
        isWriting = app.pairing.state is PairState.Writing
        if (isWriting && !wasWriting) fill()
    }

    override fun wants(wish: Wish) {
        when (wish) {
            Wish.PairNow -> pair()
            Wish.Scan -> startActivityForResult(Intent(this, ScanActivity::class.java), SCAN)
            Wish.PairAgain -> app.pairing.write()
            Wish.Check -> open(CheckActivity::class.java)
            is Wish.Show -> open(StationActivity::class.java, wish.station)
            is Wish.Ask -> ask(wish)
            is Wish.Settings -> open(wish)
            else -> Unit
        }
    }

    private fun pair() {
        keep()
        when (val written = written(link, label)) {
            is Written.Wrong -> app.pairing.write(written.why)
            is Written.Fits -> app.pairing.begin(written)
        }
    }

    /** By another app, in which it may be styled. */
    private fun shared(): String {
        if (intent.action != Intent.ACTION_SEND) return ""
        return intent.getCharSequenceExtra(Intent.EXTRA_TEXT)?.toString().orEmpty()
    }

    /** As the person calls it, if they do. */
    private fun nameOfPhone(): String =
        Settings.Global.getString(contentResolver, Settings.Global.DEVICE_NAME) ?: Build.MODEL

    /** What the person wrote. */
    private fun keep() {
        if (!isWriting) return
        link = view.written(Wish.Field.Link)
        label = view.written(Wish.Field.Label)
    }

    private fun fill() {
        view.write(Wish.Field.Link, link)
        view.write(Wish.Field.Label, label)
    }

    private companion object {
        const val SCAN = 1
        const val LINK = "link"
        const val LABEL = "label"
    }
}
