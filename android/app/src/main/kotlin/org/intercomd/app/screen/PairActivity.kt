// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.content.Intent
import android.os.Build
import android.os.Bundle
import android.view.WindowManager.LayoutParams
import org.intercomd.app.page.Page
import org.intercomd.app.page.PairState
import org.intercomd.app.page.Wish
import org.intercomd.app.page.Written
import org.intercomd.app.page.pairPage
import org.intercomd.app.page.written
import org.intercomd.device.Device

/** Pairs this phone with the station of a link: scanned, pasted, or shared by another app. */
class PairActivity : PageActivity() {
    private var state: PairState = PairState.Writing()
    private var link = ""
    private var label: String = Build.MODEL

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        // The link holds a secret.
        window.addFlags(LayoutParams.FLAG_SECURE)
        if (intent.action == Intent.ACTION_SEND) {
            link = intent.getStringExtra(Intent.EXTRA_TEXT).orEmpty()
        }
        link = savedInstanceState?.getString(LINK) ?: link
        label = savedInstanceState?.getString(LABEL) ?: label
        update()
        fill()
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
        keep()
        link = scanned
        show(PairState.Writing())
    }

    override fun page(): Page = pairPage(state)

    override fun wants(wish: Wish) {
        when (wish) {
            Wish.PairNow -> pair()
            Wish.Scan -> startActivityForResult(Intent(this, ScanActivity::class.java), SCAN)
            Wish.PairAgain -> show(PairState.Writing())
            Wish.Check -> open(CheckActivity::class.java)
            is Wish.Settings -> open(wish)
            else -> Unit
        }
    }

    private fun pair() {
        keep()
        when (val written = written(link, label)) {
            is Written.Wrong -> show(PairState.Writing(written.why))

            is Written.Fits -> {
                val name = written.invitation.name
                show(PairState.Waiting(name))
                app.device.pair(written.invitation, written.label) { show(state(it, name)) }
            }
        }
    }

    private fun state(outcome: Device.Outcome, name: String): PairState = when (outcome) {
        is Device.Outcome.Paired -> PairState.Paired(name)
        is Device.Outcome.Refused -> PairState.Refused(outcome.error.code)
        Device.Outcome.NoScreenLock -> PairState.NoScreenLock
        is Device.Outcome.Impossible -> PairState.Impossible
    }

    private fun show(state: PairState) {
        this.state = state
        if (isDestroyed) return
        update()
        fill()
    }

    /** What the person wrote. */
    private fun keep() {
        if (state !is PairState.Writing) return
        link = view.written(Wish.Field.Link)
        label = view.written(Wish.Field.Label)
    }

    private fun fill() {
        if (state !is PairState.Writing) return
        view.write(Wish.Field.Link, link)
        view.write(Wish.Field.Label, label)
    }

    private companion object {
        const val SCAN = 1
        const val LINK = "link"
        const val LABEL = "label"
    }
}
