// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.Manifest
import android.content.Intent
import android.content.pm.PackageManager
import android.content.res.Configuration.ORIENTATION_LANDSCAPE
import android.os.Bundle
import android.view.View
import android.view.WindowManager.LayoutParams
import android.widget.LinearLayout
import org.intercomd.app.page.Page
import org.intercomd.app.page.ScanState
import org.intercomd.app.page.Wish
import org.intercomd.app.page.invitation
import org.intercomd.app.page.scanPage
import org.intercomd.app.scan.ScanCamera
import org.intercomd.app.scan.ScanNews
import org.intercomd.app.scan.ScanTrouble

/** Looks for the code of a station, and gives the link in it to the screen that asked. */
class ScanActivity : PageActivity() {
    private lateinit var preview: PreviewView
    private var state: ScanState = ScanState.Looking()
    private var camera: ScanCamera? = null
    private var wasAsked = false
    private var isResumed = false

    override fun onCreate(savedInstanceState: Bundle?) {
        wasAsked = savedInstanceState?.getBoolean(WAS_ASKED) == true
        preview = PreviewView(this) { look() }
        super.onCreate(savedInstanceState)
        // The code holds a secret.
        window.addFlags(LayoutParams.FLAG_SECURE or LayoutParams.FLAG_KEEP_SCREEN_ON)
    }

    override fun content(): View = LinearLayout(this).apply {
        fitsSystemWindows = true
        val all = LinearLayout.LayoutParams.MATCH_PARENT
        val isWide = resources.configuration.orientation == ORIENTATION_LANDSCAPE
        orientation = if (isWide) LinearLayout.HORIZONTAL else LinearLayout.VERTICAL
        val (width, height) = if (isWide) Pair(0, all) else Pair(all, 0)
        addView(preview, LinearLayout.LayoutParams(width, height, 2f))
        addView(view, LinearLayout.LayoutParams(width, height, 1f))
    }

    override fun page(): Page = scanPage(state)

    override fun onResume() {
        super.onResume()
        isResumed = true
        val isNew = !isAllowed() && !wasAsked
        if (isNew) ask() else again()
    }

    override fun onPause() {
        isResumed = false
        rest()
        super.onPause()
    }

    override fun onRequestPermissionsResult(
        requestCode: Int,
        permissions: Array<out String>,
        grantResults: IntArray,
    ) = again()

    override fun onSaveInstanceState(outState: Bundle) {
        outState.putBoolean(WAS_ASKED, wasAsked)
        super.onSaveInstanceState(outState)
    }

    override fun wants(wish: Wish) {
        when (wish) {
            is Wish.Ask -> ask()
            is Wish.Settings -> open(wish)
            is Wish.Light -> light(wish.isOn)
            Wish.ScanAgain -> again()
            else -> Unit
        }
    }

    /** Of the camera that is at work now. */
    internal fun happened(news: ScanNews) = when (news) {
        is ScanNews.Looks -> {
            preview.shows(news.frame, news.sensor)
            show(ScanState.Looking(isLit = if (news.hasLight) false else null))
        }

        is ScanNews.Found -> found(news.text)

        is ScanNews.Ended -> {
            rest()
            show(ScanState.Ended(news.why))
        }
    }

    private fun ask() {
        wasAsked = true
        requestPermissions(arrayOf(Manifest.permission.CAMERA), 0)
    }

    private fun isAllowed() =
        checkSelfPermission(Manifest.permission.CAMERA) == PackageManager.PERMISSION_GRANTED

    private fun again() {
        val isAllowed = isAllowed()
        show(if (isAllowed) ScanState.Looking() else ScanState.Ended(ScanTrouble.NotAllowed))
        if (isAllowed) look()
    }

    /** As soon as there is a place to show the picture. */
    private fun look() {
        val place = preview.surfaceTexture ?: return
        if (camera != null || !isResumed || !isAllowed()) return
        lateinit var mine: ScanCamera
        mine = ScanCamera(this, place) { news ->
            runOnUiThread { if (camera === mine) happened(news) }
        }
        camera = mine
    }

    private fun rest() {
        camera?.close()
        camera = null
    }

    private fun light(isOn: Boolean) {
        val state = state as? ScanState.Looking ?: return
        camera?.light(isOn)
        show(state.copy(isLit = isOn))
    }

    private fun found(text: String) {
        if (invitation(text) == null) {
            val state = state as? ScanState.Looking ?: return
            return show(state.copy(sawOther = true))
        }
        rest()
        setResult(RESULT_OK, Intent().putExtra(Intent.EXTRA_TEXT, text))
        finish()
    }

    private fun show(state: ScanState) {
        this.state = state
        update()
    }

    private companion object {
        const val WAS_ASKED = "was asked"
    }
}
