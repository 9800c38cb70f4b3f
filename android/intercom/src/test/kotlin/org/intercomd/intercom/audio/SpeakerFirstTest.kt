// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.audio

import android.telecom.CallAudioState
import android.telecom.CallEndpoint
import org.junit.Assert.assertEquals
import org.junit.Test

class SpeakerFirstTest {
    private val policy = SpeakerFirst()

    @Test
    fun `the loudspeaker by default`() {
        assertEquals(Route.Speaker, policy.wanted(HANDHELD))
    }

    @Test
    fun `not with a headset`() {
        assertEquals(null, policy.wanted(HANDHELD + Route.Bluetooth))
        assertEquals(null, policy.wanted(setOf(Route.WiredHeadset, Route.Speaker)))
    }

    @Test
    fun `again when the headset is gone`() {
        policy.wanted(HANDHELD + Route.Bluetooth)
        assertEquals(Route.Speaker, policy.wanted(HANDHELD))
    }

    @Test
    fun `once only, as somebody may have wanted it otherwise since`() {
        policy.wanted(HANDHELD)
        assertEquals(null, policy.wanted(HANDHELD))
    }

    @Test
    fun `what the person chose stays, for as long as it is there`() {
        policy.wanted(HANDHELD + Route.Bluetooth)
        policy.choose(Route.Earpiece)
        assertEquals(null, policy.wanted(HANDHELD))
        policy.choose(Route.Bluetooth)
        assertEquals(null, policy.wanted(HANDHELD + Route.Bluetooth))
        assertEquals(Route.Speaker, policy.wanted(HANDHELD))
    }

    @Test
    fun `what was chosen before a headset came is over with it`() {
        policy.wanted(HANDHELD)
        policy.choose(Route.Earpiece)
        assertEquals(null, policy.wanted(HANDHELD + Route.WiredHeadset))
        assertEquals(Route.Speaker, policy.wanted(HANDHELD))
    }

    @Test
    fun `where there is no loudspeaker nothing is asked for`() {
        assertEquals(null, policy.wanted(setOf(Route.Earpiece)))
    }

    @Test
    fun `the numbers are Android's`() {
        val numbers =
            mapOf(
                Route.Earpiece to
                    (CallAudioState.ROUTE_EARPIECE to CallEndpoint.TYPE_EARPIECE),
                Route.Bluetooth to
                    (CallAudioState.ROUTE_BLUETOOTH to CallEndpoint.TYPE_BLUETOOTH),
                Route.WiredHeadset to
                    (CallAudioState.ROUTE_WIRED_HEADSET to CallEndpoint.TYPE_WIRED_HEADSET),
                Route.Speaker to
                    (CallAudioState.ROUTE_SPEAKER to CallEndpoint.TYPE_SPEAKER),
                Route.Elsewhere to
                    (CallAudioState.ROUTE_STREAMING to CallEndpoint.TYPE_STREAMING),
            )
        assertEquals(numbers, Route.entries.associateWith { it.mask to it.endpoint })
        assertEquals(setOf(Route.Earpiece, Route.Speaker), routesOf(1 or 8))
        assertEquals(Route.Elsewhere, routeOf(CallEndpoint.TYPE_UNKNOWN))
    }

    private companion object {
        val HANDHELD = setOf(Route.Earpiece, Route.Speaker)
    }
}
