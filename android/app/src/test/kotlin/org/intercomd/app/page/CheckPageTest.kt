// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import android.provider.Settings
import org.intercomd.app.station.PracticeStage
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.device.push.PushHealth
import org.intercomd.intercom.call.StationSettings
import org.intercomd.intercom.permission.NeededPermission
import org.intercomd.intercom.permission.RingProblem
import org.intercomd.phone.call.Phase
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.push.PushRefusal
import org.intercomd.phone.time.Moment
import org.intercomd.phone.time.WallTime
import org.intercomd.phone.words.Code
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.intercomd.intercom.text.Text as CallText

class CheckPageTest {
    private val well =
        PhoneHealth(emptyList(), emptyList(), emptyList(), true, false, listOf(app("a")), "a")

    private fun app(id: String) = PushApp(id, "App $id")

    @Test
    fun `a phone that rings has nothing to mend`() {
        assertEquals(emptyList<Finding>(), findings(well))
        assertTrue(Text.AllWell in page())
    }

    @Test
    fun `a station that is quiet is told, but is nothing to mend`() {
        val quiet = view().copy(settings = StationSettings(isQuiet = true))
        val page = page(listOf(quiet))
        assertTrue(Saying(Text.QuietStation, "Front door") in page.lines())
        assertTrue(Wish.Show(ID) in page.wishes())
        assertFalse(Text.AllWell in page)
    }

    @Test
    fun `a phone that no station rings is told so, with the station's name`() {
        val lost = view(link = Link.Word.Lost)
        val revoked = view().copy(isRevoked = true)
        val show = listOf(Wish.Show(ID))
        fun stands(how: Text) = Saying(Text.StationStands, "Front door", Saying(how))
        val refused = PushHealth("https://push.example/1", refused = Failed(Code.BadEndpoint))
        val cases = listOf(
            StationsHealth(emptyList()) to (Saying(Text.NoStations) to listOf(Wish.Pair)),
            StationsHealth(listOf(lost)) to (stands(Text.NotReached) to show),
            StationsHealth(listOf(revoked)) to (stands(Text.NotPaired) to show),
            StationsHealth(listOf(view()), damaged = listOf(ID)) to
                (Saying(Text.Damaged) to listOf(Wish.Forget(ID))),
            StationsHealth(listOf(view()), pushes = listOf(push(refused))) to
                (Saying(Text.NotWoken, "Front door") to emptyList()),
            StationsHealth(listOf(view()), pushes = listOf(push(PushHealth(noEndpoint = "x")))) to
                (Saying(Text.NotWoken, "Front door") to emptyList()),
        )
        for ((stations, expected) in cases) {
            val finding = findings(stations).single()
            assertEquals(expected, finding.text to finding.mend.map { it.wish })
            val page = checkPage(well, stations, PracticeStage.None)
            assertTrue(finding.text in page.lines())
            assertFalse(Text.AllWell in page)
        }
        // A push may have brought it.
        val rings = view(link = Link.Word.Lost, phase = Phase.Ringing(Moment(9)))
        assertEquals(emptyList<Finding>(), findings(StationsHealth(listOf(rings))))
    }

    @Test
    fun `the app that wakes the phone is told, and can be another one`() {
        val health = well.copy(distributors = listOf(app("a"), app("b")))
        val page = page(health = health)
        assertTrue(Saying(Text.WokenBy, "App a") in page.lines())
        assertTrue(Row.Press(Saying(Text.Choose, "App b"), Wish.Choose("b")) in page.rows)
        assertFalse(Wish.Choose("a") in page.wishes())
        val gone = page(health = well.copy(distributors = emptyList()))
        assertTrue(Saying(Text.WokenBy, "a") in gone.lines())
    }

    @Test
    fun `how far practice has come is told`() {
        fun practice(stage: PracticeStage) = page(practice = stage)
        val soon = practice(PracticeStage.Awaited)
        assertTrue(Text.PracticeSoon in soon)
        assertFalse(Wish.Practise in soon.wishes())
        val over = practice(PracticeStage.Answered)
        assertTrue(Row.Line(Saying(Text.PracticeOver), isNews = true) in over.rows)
        assertTrue(Wish.Practise in over.wishes())
        assertFalse(Text.PracticeOver in practice(PracticeStage.None))
    }

    @Test
    fun `each station that is turned off is told by its name`() {
        val off = well.copy(
            problems = listOf(RingProblem.RingChannelOff),
            turnedOff = listOf("Front door", "Gate"),
        )
        val expected = listOf("Front door", "Gate").map { Saying(Text.ChannelOff, it) }
        assertEquals(expected, findings(off).map { it.text })
        val action = Settings.ACTION_APP_NOTIFICATION_SETTINGS
        val mend = Wish.Settings(action, isOfApp = true)
        assertTrue(findings(off).all { of -> of.mend.single().wish == mend })
    }

    @Test
    fun `whatever keeps it from ringing is told, with what mends it`() {
        val details =
            Wish.Settings(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, isOfApp = true)
        fun ofApp(action: String) = listOf(Wish.Settings(action, isOfApp = true))
        val notifications = ofApp(Settings.ACTION_APP_NOTIFICATION_SETTINGS)
        val fullScreen = ofApp("android.settings.MANAGE_APP_USE_FULL_SCREEN_INTENT")
        val battery = Wish.Settings(Settings.ACTION_IGNORE_BATTERY_OPTIMIZATION_SETTINGS)
        val security = Wish.Settings(Settings.ACTION_SECURITY_SETTINGS)
        fun has(problem: RingProblem) = well.copy(problems = listOf(problem))
        fun lacks(needed: NeededPermission) = well.copy(missing = listOf(needed))
        fun asks(needed: NeededPermission) = listOf(Wish.Ask(needed.permission), details)
        val microphone = NeededPermission.Microphone
        val notify = NeededPermission.Notifications
        val local = NeededPermission.LocalNetwork
        val cases = listOf(
            has(RingProblem.NotificationsOff) to (Text.NotificationsOff to notifications),
            has(RingProblem.ScreenStaysDark) to (Text.StaysDark to fullScreen),
            has(RingProblem.BackgroundRestricted) to (Text.Restricted to listOf(details)),
            has(RingProblem.NoTelecom) to (Text.NoTelecom to emptyList()),
            lacks(microphone) to (Text.NoMicrophone to asks(microphone)),
            has(RingProblem.NotificationsOff).copy(missing = listOf(notify)) to
                (Text.NoNotifications to asks(notify)),
            lacks(local) to (Text.NoLocalNetwork to asks(local)),
            well.copy(savesBattery = true) to (Text.BatterySaving to listOf(battery)),
            well.copy(hasScreenLock = false) to (Text.NoScreenLock to listOf(security)),
            well.copy(distributors = emptyList(), distributor = null) to
                (Text.NoDistributor to emptyList()),
            well.copy(isSilent = true) to
                (Text.Silent to listOf(Wish.Settings(Settings.ACTION_SOUND_SETTINGS))),
            well.copy(isQuiet = true) to (
                Text.AndroidQuiet to
                    listOf(Wish.Settings(Settings.ACTION_ZEN_MODE_PRIORITY_SETTINGS))
                ),
            well.copy(distributor = null) to (Text.OneDistributor to listOf(Wish.Choose("a"))),
            well.copy(distributors = listOf(app("a"), app("b")), distributor = null) to
                (Text.ChooseDistributor to listOf(Wish.Choose("a"), Wish.Choose("b"))),
        )
        for ((health, expected) in cases) {
            val finding = findings(health).single()
            assertEquals(Saying(expected.first), finding.text)
            assertEquals(expected.second, finding.mend.map { it.wish })
        }
    }

    @Test
    fun `pushes are told in the words of those who said them`() {
        val address = PushHealth(endpoint = "https://push.example/1")
        val refused = Failed(Code.BadEndpoint)
        val cases = listOf(
            PushHealth() to Saying(Text.PushWaits),
            PushHealth(noEndpoint = "NETWORK") to Saying(Text.PushNoEndpoint, "NETWORK"),
            address to Saying(Text.PushWaits),
            address.copy(isRegistered = true) to Saying(Text.PushRegistered),
            address.copy(isRegistered = false, refused = refused) to
                Saying(Text.PushRefused, Saying(CallText.CodeFailed), "bad_endpoint"),
        )
        for ((health, text) in cases) assertTrue("$health", text in lines(health))
    }

    @Test
    fun `the last push is told with why it was not taken`() {
        assertTrue(Saying(Text.PushNever) in lines(PushHealth()))
        val came = PushHealth(lastPush = WallTime(0))
        assertTrue(Saying(Text.PushLast, Saying(Text.AgoMinutes, 2L)) in lines(came))
        val late = came.copy(refusal = PushRefusal.Late)
        assertTrue(Saying(Text.PushLastRefused, Saying(Text.AgoMinutes, 2L), "late") in lines(late))
    }

    private fun lines(health: PushHealth): List<Saying> =
        page(pushes = listOf(push(health))).lines()

    private fun push(health: PushHealth) = StationPush("Front door", health, WallTime(120_000))

    private fun page(
        stations: List<StationView> = listOf(view()),
        pushes: List<StationPush> = emptyList(),
        health: PhoneHealth = well,
        practice: PracticeStage = PracticeStage.None,
    ) = checkPage(health, StationsHealth(stations, pushes = pushes), practice)
}
