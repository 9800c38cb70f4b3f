// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.os.SystemClock
import org.intercomd.app.page.Page
import org.intercomd.app.page.Wish
import org.intercomd.app.page.stationPage
import org.intercomd.app.text.Text
import org.intercomd.device.StationPhone
import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Phase
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Media

/** One station. */
class StationActivity : PageActivity() {
    /** The call that the person asked for is shown as soon as there is one. */
    private var awaitsCall = false

    override fun page(): Page? {
        val view = station()?.let(app.stations::view) ?: return null
        return stationPage(view, Moment(SystemClock.elapsedRealtime()))
    }

    override fun changed() {
        super.changed()
        val view = station()?.let(app.stations::view) ?: return
        val phase = view.state.calls.call?.phase
        // Whoever rings now is not the call that was asked for.
        if (view.trouble != null || phase is Phase.Ringing) awaitsCall = false
        if (awaitsCall && phase != null) showCall()
    }

    override fun onStop() {
        super.onStop()
        awaitsCall = false
        if (!isChangingConfigurations) station()?.let(app.stations::tryAgain)
    }

    override fun wants(wish: Wish) {
        val id = station() ?: return
        if (wish is Wish.Forget) return forget(id)
        if (wish == Wish.Pair) return open(PairActivity::class.java)
        if (wish is Wish.Change) return app.stations.change(id, wish.settings)
        if (wish == Wish.Ringtone) return openSettings(app.intercom.ringSettings(id.text))
        app.stations.tryAgain(id)
        app.device.station(id)?.let { wants(wish, it) }
    }

    private fun wants(wish: Wish, phone: StationPhone) {
        when (wish) {
            Wish.Call -> dial(phone, Button.Call(Media.Video))

            Wish.Listen -> dial(phone, Button.Listen(Media.Video))

            Wish.BackToCall -> showCall()

            is Wish.OpenDoor -> phone.live.openDoor(wish.door)

            is Wish.Unpair ->
                confirm(Text.UnpairSure, Text.Unpair) { app.device.unpair(phone) }

            else -> Unit
        }
    }

    private fun forget(id: Thumbprint) {
        val isRevoked = app.stations.view(id)?.isRevoked == true
        val question = if (isRevoked) Text.ForgetRevokedSure else Text.ForgetSure
        confirm(question, Text.Forget) { app.forget(id) }
    }

    private fun dial(phone: StationPhone, button: Button) {
        awaitsCall = true
        phone.live.press(button)
    }

    private fun showCall() {
        awaitsCall = false
        station()?.let { app.intercom.screen(it.text) }?.let(::startActivity)
    }
}
