// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.provider.Settings
import org.intercomd.app.page.Page
import org.intercomd.app.page.StationPush
import org.intercomd.app.page.Wish
import org.intercomd.app.page.checkPage
import org.intercomd.app.station.phoneHealth
import org.intercomd.phone.time.WallTime

/** What keeps this phone from ringing, and where the person mends it. */
class CheckActivity : PageActivity() {
    override fun page(): Page {
        val now = WallTime(System.currentTimeMillis())
        val pushes = app.device.stations.map { StationPush(it.paired.name, it.pushHealth, now) }
        val quiet = app.stations.views.filter { it.settings.isQuiet }
        return checkPage(app.phoneHealth(), quiet, pushes, app.practice.isAwaited)
    }

    override fun wants(wish: Wish) {
        when (wish) {
            is Wish.Settings -> open(wish)
            is Wish.Show -> open(StationActivity::class.java, wish.station)
            is Wish.Ask -> requestPermissions(arrayOf(wish.permission), 0)
            is Wish.Choose -> choose(wish.distributor)
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
