// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import org.intercomd.app.TestApp
import org.intercomd.app.text.Text
import org.intercomd.phone.link.Link
import org.intercomd.phone.net.HandsetState
import org.intercomd.phone.time.Moment
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(application = TestApp::class)
class StationsActivityTest {
    @get:Rule
    internal val screens = Screens()

    @Test
    fun `a phone without a station leads to pairing and to the check`() {
        val screen = screens.open<StationsActivity>()
        assertEquals(screens.say(Text.Stations), "${screen.title}")
        assertTrue(screens.say(Text.NoStations) in screen.texts())
        screen.press(screens.say(Text.Pair))
        assertEquals(PairActivity::class.java.name, started(screen).component?.className)
        // The microphone is not allowed yet.
        screen.press(screen.texts().single { it.startsWith("Check this phone") })
        assertEquals(CheckActivity::class.java.name, started(screen).component?.className)
    }

    @Test
    @Config(qualifiers = "de")
    fun `it speaks the person's language`() {
        val screen = screens.open<StationsActivity>()
        assertEquals("Türstationen", "${screen.title}")
    }

    @Test
    fun `a station is there as soon as it is paired, and its page opens`() {
        val screen = screens.open<StationsActivity>()
        val id = screens.pair()
        assertTrue(screen.texts().containsAll(listOf("Front door", screens.say(Text.Ready))))
        screen.press(screens.say(Text.Show, "Front door"))
        val opened = started(screen)
        assertEquals(StationActivity::class.java.name, opened.component?.className)
        assertEquals("Front door", "${screens.open<StationActivity>(opened).title}")
        assertEquals(listOf(id), screens.app.stations.views.map { it.id })
    }

    @Test
    fun `what changes is shown, but not by a screen that nobody sees`() {
        val id = screens.pair()
        val screen = screens.open<StationsActivity>()
        val phone = checkNotNull(screens.app.device.station(id))
        val ears = screens.app.stations.listener(phone)
        val link = Link(Link.Word.Lost, Moment(0), null)
        ears.changed(HandsetState(link = link))
        screens.await("told") { screens.say(Text.NotReached) in screen.texts() }
        screens.hide(screen)
        ears.changed(HandsetState(link = link.copy(word = Link.Word.Connected)))
        screens.await("known") { screens.app.stations.views.single().isLinked }
        assertFalse(screens.say(Text.Ready) in screen.texts())
        screens.show(screen)
        assertTrue(screens.say(Text.Ready) in screen.texts())
    }

    @Test
    fun `news of a pairing that another one took the place of are none`() {
        val id = screens.pair()
        val phone = checkNotNull(screens.app.device.station(id))
        val former = screens.app.stations.listener(phone)
        screens.app.stations.listener(phone)
        former.revoked()
        screens.idle()
        assertFalse(screens.app.stations.views.single().isRevoked)
    }

    private fun started(screen: StationsActivity) = shadowOf(screen).nextStartedActivity
}
