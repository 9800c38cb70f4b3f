// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.permission

import org.intercomd.intercom.call.Station
import org.junit.Assert.assertEquals
import org.junit.Test

class RingConditionsTest {
    @Test
    fun `how a ring is shown`() {
        val rows =
            """
            sdk notifications restricted Telecom style
            26  on            no         yes     Plain
            30  on            no         yes     Plain
            30  off           no         yes     None
            31  on            no         yes     Call
            31  on            no         no      Call
            31  on            yes        yes     Plain
            31  off           no         yes     None
            33  off           no         yes     Call
            33  off           no         no      None
            34  on            no         yes     Call
            34  off           yes        yes     Call
            34  station       no         yes     None
            34  other         no         yes     Call
            35  on            yes        yes     Plain
            """.trimIndent().lines().drop(1).map {
                it.split(Regex(" +"))
            }
        for ((sdk, notifications, restricted, telecom, style) in rows) {
            val conditions =
                GOOD.copy(
                    sdk = sdk.toInt(),
                    areNotificationsOn = notifications != "off",
                    turnedOff = listOfNotNull(stations[notifications]),
                    isBackgroundRestricted = restricted == "yes",
                )
            val ofRing = conditions.style(DOOR, isInTelecom = telecom == "yes")
            assertEquals("$conditions", style, ofRing.name)
        }
    }

    @Test
    fun `the person hears of each problem`() {
        assertEquals(emptyList<RingProblem>(), GOOD.problems())
        val single =
            mapOf(
                GOOD.copy(areNotificationsOn = false) to RingProblem.NotificationsOff,
                GOOD.copy(turnedOff = listOf(DOOR)) to RingProblem.RingChannelOff,
                GOOD.copy(mayFillScreen = false) to RingProblem.ScreenStaysDark,
                GOOD.copy(isBackgroundRestricted = true) to RingProblem.BackgroundRestricted,
                GOOD.copy(isTelecomThere = false) to RingProblem.NoTelecom,
            )
        assertEquals(RingProblem.entries, single.values.toList())
        for ((conditions, problem) in single) {
            assertEquals(listOf(problem), conditions.problems())
        }
    }

    @Test
    fun `who is to be asked for what`() {
        val (microphone, notifications) =
            NeededPermission.Microphone to NeededPermission.Notifications
        assertEquals(listOf(microphone), NeededPermission.on(sdk = 32, targetSdk = 36))
        assertEquals(
            listOf(microphone, notifications),
            NeededPermission.on(sdk = 37, targetSdk = 36),
        )
        assertEquals(NeededPermission.entries, NeededPermission.on(sdk = 37, targetSdk = 37))
    }

    private companion object {
        val DOOR = Station("abc", "Front door")
        val stations = mapOf("station" to DOOR, "other" to Station("def", "Gate"))
        val GOOD =
            RingConditions(
                sdk = 34,
                areNotificationsOn = true,
                turnedOff = emptyList(),
                mayFillScreen = true,
                isBackgroundRestricted = false,
                isTelecomThere = true,
            )
    }
}
