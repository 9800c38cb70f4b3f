// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import org.intercomd.app.page.Page
import org.intercomd.app.page.Wish
import org.intercomd.app.page.findings
import org.intercomd.app.page.stationsPage
import org.intercomd.app.station.phoneHealth
import org.intercomd.app.text.Text

/** What the app opens with. */
class StationsActivity : PageActivity() {
    override fun page(): Page = stationsPage(
        app.stations.views,
        app.device.damaged.map { it.station },
        findings(app.phoneHealth()).count { it.mend.isNotEmpty() },
        app.stations.parting,
    )

    override fun wants(wish: Wish) {
        when (wish) {
            is Wish.Show -> open(StationActivity::class.java, wish.station)

            is Wish.Forget ->
                confirm(Text.ForgetDamagedSure, Text.Forget) { app.forget(wish.station) }

            Wish.Understood -> app.stations.understood()

            Wish.Pair -> open(PairActivity::class.java)

            Wish.Check -> open(CheckActivity::class.java)

            else -> Unit
        }
    }
}
