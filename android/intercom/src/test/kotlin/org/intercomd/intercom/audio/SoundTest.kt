// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.audio

import org.junit.Assert.assertEquals
import org.junit.Test

class SoundTest {
    @Test
    fun `one switches between the loudspeaker and what is nearest to the ear`() {
        val (speaker, ear) = Route.Speaker to Route.Earpiece
        val cases = listOf(
            Sound(speaker, setOf(speaker, ear)) to ear,
            Sound(speaker, setOf(speaker, ear, Route.WiredHeadset)) to Route.WiredHeadset,
            Sound(speaker, setOf(speaker, ear, Route.Bluetooth)) to Route.Bluetooth,
            Sound(Route.Bluetooth, setOf(speaker, ear, Route.Bluetooth)) to speaker,
            Sound(ear, setOf(speaker, ear)) to speaker,
            Sound(Route.Elsewhere, setOf(speaker, Route.Elsewhere)) to speaker,
            Sound(speaker, setOf(speaker)) to null,
            Sound(ear, setOf(ear)) to null,
            Sound(null, setOf(speaker, ear)) to null,
        )
        for ((sound, other) in cases) assertEquals("$sound", other, sound.other)
    }
}
