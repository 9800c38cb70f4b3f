// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.provider.Settings
import org.intercomd.app.page.Page
import org.intercomd.app.page.StationPush
import org.intercomd.app.page.StationsHealth
import org.intercomd.app.page.Wish
import org.intercomd.app.page.checkPage
import org.intercomd.app.station.phoneHealth
import org.intercomd.app.text.Text
import org.intercomd.phone.time.WallTime

/** What keeps this phone from ringing, and where the person mends it. */
class CheckActivity : PageActivity() {
    override fun page(): Page {
        val now = WallTime(System.currentTimeMillis())
        val paired = app.device.stations.filterNot { it.isRevoked }
        val stations = StationsHealth(
            app.stations.views,
            app.device.damaged.map { it.station },
            paired.map { StationPush(it.paired.name, it.pushHealth, now) },
        )
        return checkPage(app.phoneHealth(), stations, app.practice.stage)
    }

    override fun onDestroy() {
        if (isFinishing) app.practice.understood()
        super.onDestroy()
    }

    override fun wants(wish: Wish) {
        when (wish) {
            is Wish.Settings -> open(wish)

            is Wish.Show -> open(StationActivity::class.java, wish.station)

            is Wish.Forget ->
                confirm(Text.ForgetDamagedSure, Text.Forget) { app.forget(wish.station) }

            is Wish.Ask -> ask(wish)

            is Wish.Choose -> choose(wish.distributor)

            Wish.Pair -> open(PairActivity::class.java)

            Wish.RingSettings -> open(RING)

            Wish.Practise -> app.practice.begin()

            else -> Unit
        }
    }

    private fun choose(distributor: String) {
        app.device.distributor.choose(distributor)
        app.device.registerForPushes()
        update()
    }

    private companion object {
        val RING = Wish.Settings(Settings.ACTION_APP_NOTIFICATION_SETTINGS, isOfApp = true)
    }
}
