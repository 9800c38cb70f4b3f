// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

import android.os.Build
import android.telecom.CallAudioState
import android.telecom.CallEndpoint
import org.intercomd.intercom.Installed
import org.intercomd.intercom.audio.Route
import org.junit.Assert.assertEquals
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

/** What Telecom is asked for, where the sound is concerned. */
@RunWith(RobolectricTestRunner::class)
class RoutingTest {
    @get:Rule
    internal val app = Installed()

    private val asked = mutableListOf<Route>()
    private val connection by lazy {
        object : IntercomConnection(app.calls, CallExtras("abc", "Front door", 1)) {
            override fun routeTo(route: Route) {
                asked += route
            }
        }
    }

    @Before
    fun rings() {
        connection.become(TelecomState.Ringing)
    }

    @Test
    fun `the loudspeaker is asked for while it rings`() {
        routesAre(Route.Earpiece, Route.Speaker)
        assertEquals(listOf(Route.Speaker), asked)
        connection.become(TelecomState.Active)
        routesAre(Route.Earpiece, Route.Speaker)
        assertEquals("once", listOf(Route.Speaker), asked)
    }

    @Test
    fun `a call on hold leaves another one's sound where it is`() {
        connection.become(TelecomState.Active)
        routesAre(Route.Earpiece, Route.Speaker, Route.WiredHeadset)
        connection.become(TelecomState.OnHold)
        routesAre(Route.Earpiece, Route.Speaker)
        assertEquals(emptyList<Route>(), asked)
        connection.become(TelecomState.Active)
        assertEquals(listOf(Route.Speaker), asked)
    }

    @Test
    fun `what the person chooses is asked for at once`() {
        routesAre(Route.Earpiece, Route.Speaker)
        asked.clear()
        connection.choose(Route.Earpiece)
        connection.become(TelecomState.Active)
        assertEquals(listOf(Route.Earpiece), asked)
    }

    @Suppress("DEPRECATION")
    private fun routesAre(vararg routes: Route) {
        if (Build.VERSION.SDK_INT >= 34) {
            val endpoints = routes.map { CallEndpoint(it.name, it.endpoint) }
            connection.onAvailableCallEndpointsChanged(endpoints)
        } else {
            val mask = routes.sumOf { it.mask }
            connection.onCallAudioStateChanged(CallAudioState(false, Route.Earpiece.mask, mask))
        }
    }
}
