// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.app.AlertDialog
import android.content.DialogInterface
import android.content.Intent
import org.intercomd.app.TestApp
import org.intercomd.app.page.GATE
import org.intercomd.app.page.door
import org.intercomd.app.page.said
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.intercom.screen.CallActivity
import org.intercomd.phone.call.Call
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.Phase
import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.net.HandsetState
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Media
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowDialog
import org.intercomd.intercom.text.Text as CallText

@RunWith(RobolectricTestRunner::class)
@Config(application = TestApp::class)
class StationActivityTest {
    @get:Rule
    internal val screens = Screens()

    private val stations
        get() = screens.app.stations

    private fun show(id: Thumbprint): StationActivity =
        screens.open(Intent().putExtra("station", id.text))

    private fun ask() = ShadowDialog.getLatestDialog() as AlertDialog

    private fun answer(button: Int) {
        ask().getButton(button).performClick()
        screens.idle()
    }

    @Test
    fun `a call that is asked for is shown as soon as it is there`() {
        val screen = show(screens.pair())
        screen.press(screens.say(Text.CallStation))
        screens.await("heard") { screens.heard("dial") == 1 }
        screens.await("shown") { screens.say(Text.BackToCall) in screen.texts() }
        val opened = shadowOf(screen).nextStartedActivity
        assertEquals(CallActivity::class.java.name, opened.component?.className)
        screen.press(screens.say(Text.BackToCall))
        assertTrue(shadowOf(screen).nextStartedActivity.filterEquals(opened))
    }

    @Test
    fun `a call that is refused is told until the page is left, and no ring is taken for it`() {
        val id = screens.pair()
        screens.answers("dial", "error", *refusal("busy"))
        val screen = show(id)
        screen.press(screens.say(Text.CallStation))
        val told = screens.say(Text.Refused, Saying(CallText.CodeBusy))
        screens.await("told") { told in screen.texts() }
        while (shadowOf(screen).nextStartedActivity != null) Unit
        tell(id, Phase.Ringing(Moment(600_000)))
        screens.await("shown") { screens.say(Text.RingsHere) in screen.texts() }
        assertNull(shadowOf(screen).nextStartedActivity)
        screens.hide(screen)
        screens.show(screen)
        assertFalse(told in screen.texts())
    }

    private fun tell(id: Thumbprint, phase: Phase) {
        val call = Call(CallId(1), phase, Direction.Incoming, media = Media.Video)
        val linked = Link(Link.Word.Connected, Moment(0), null)
        val phone = checkNotNull(screens.app.device.station(id))
        stations.listener(phone).changed(HandsetState(Calls(said(), true, call), linked))
    }

    @Test
    fun `a door is asked for`() {
        val id = screens.pair()
        screens.answers("challenge", "error", *refusal("not_allowed"))
        val screen = show(id)
        val phone = checkNotNull(screens.app.device.station(id))
        val linked = Link(Link.Word.Connected, Moment(0), null)
        val state = HandsetState(Calls(said(doors = listOf(door())), isLinked = true), linked)
        stations.listener(phone).changed(state)
        val open = screens.say(CallText.OpenDoor, "Gate")
        screens.await("shown") { open in screen.texts() }
        assertEquals("Gate", stations.label(id, GATE))
        assertEquals("garage", stations.label(id, DoorName("garage")))
        screen.press(open)
        screens.await("asked for") { screens.heard("challenge") == 1 }
    }

    @Test
    fun `a station that unpairs a phone that asked first is told, and gone`() {
        val id = screens.pair()
        screens.answers("revoke", "ok")
        val home = screens.open<StationsActivity>()
        val screen = show(id)
        screen.press(screens.say(Text.Unpair))
        val question = screens.say(Text.UnpairSure)
        assertTrue(question in ask().texts())
        answer(DialogInterface.BUTTON_NEGATIVE)
        assertEquals(0, screens.heard("revoke"))
        screen.press(screens.say(Text.Unpair))
        answer(DialogInterface.BUTTON_POSITIVE)
        screens.await("gone") { screen.isFinishing }
        assertEquals(1, screens.heard("revoke"))
        assertNull(screens.app.device.station(id))
        val told = screens.say(Text.Unpaired, "Front door")
        assertTrue(told in home.texts())
        home.recreate()
        home.press(screens.say(Text.Understood))
        assertFalse(told in home.texts())
    }

    @Test
    fun `a phone that the station may still know is to be removed there`() {
        val id = screens.pair()
        screens.answers("revoke", "error", *refusal("rate_limited"))
        val home = screens.open<StationsActivity>()
        val screen = show(id)
        screen.press(screens.say(Text.Unpair))
        answer(DialogInterface.BUTTON_POSITIVE)
        screens.await("gone") { screen.isFinishing }
        assertNull(screens.app.device.station(id))
        assertTrue(screens.say(Text.ForgotUntold, "Front door") in home.texts())
    }

    @Test
    fun `a station that is not reached is forgotten without it, which is asked first and told`() {
        val id = screens.pair()
        screens.station.close()
        val home = screens.open<StationsActivity>()
        val screen = show(id)
        val forget = screens.say(Text.Forget)
        screens.await("away") { forget in screen.texts() }
        screen.press(forget)
        assertTrue(screens.say(Text.ForgetSure) in ask().texts())
        answer(DialogInterface.BUTTON_NEGATIVE)
        assertFalse(screen.isFinishing)
        screen.press(forget)
        answer(DialogInterface.BUTTON_POSITIVE)
        assertTrue(screen.isFinishing)
        assertNull(screens.app.device.station(id))
        assertTrue(screens.say(Text.ForgotUntold, "Front door") in home.texts())
    }

    @Test
    fun `a station that does not know this phone is told`() {
        val id = screens.pair()
        val screen = show(id)
        stations.listener(checkNotNull(screens.app.device.station(id))).revoked()
        screens.await("told") { screens.say(Text.NotPaired) in screen.texts() }
        screen.press(screens.say(Text.Pair))
        val opened = shadowOf(screen).nextStartedActivity
        assertEquals(PairActivity::class.java.name, opened.component?.className)
        screen.press(screens.say(Text.Forget))
        assertTrue(screens.say(Text.ForgetRevokedSure) in ask().texts())
        answer(DialogInterface.BUTTON_POSITIVE)
        assertEquals(Saying(Text.Unpaired, "Front door"), stations.parting)
    }

    @Test
    fun `a screen whose station is gone goes, whatever was pressed on it`() {
        val strange = checkNotNull(Thumbprint.parse("E".repeat(43)))
        assertTrue(show(strange).isFinishing)
        assertTrue(screens.open<StationActivity>().isFinishing)
        val id = screens.pair()
        val screen = show(id)
        // It was forgotten, and this screen does not know yet.
        screens.hide(screen)
        screens.app.forget(id)
        screen.press(screens.say(Text.CallStation))
        screen.press(screens.say(Text.Unpair))
        assertNull(ShadowDialog.getLatestDialog())
        screens.show(screen)
        assertTrue(screen.isFinishing)
    }

    @Test
    fun `a call is led back to after the screen was turned`() {
        val id = screens.pair()
        val screen = show(id)
        tell(id, Phase.Ongoing)
        screens.await("shown") { screens.say(Text.BackToCall) in screen.texts() }
        val turned = screens.turn(screen)
        turned.press(screens.say(Text.BackToCall))
        val opened = shadowOf(turned).nextStartedActivity
        assertEquals(CallActivity::class.java.name, opened.component?.className)
    }

    private fun refusal(code: String): Array<Pair<String, Json>> =
        arrayOf("code" to Json.Text(code), "detail" to Json.Text(""))
}
