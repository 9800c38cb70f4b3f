// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.intercomd.phone.words.VideoCodec
import org.junit.Assert.assertEquals
import org.junit.Test

class CodecsTest {
    @Test
    fun `each codec of the protocol is told once, whatever else the phone knows`() {
        val names = listOf("VP8", "VP9", "H264", "H264", "AV1")
        assertEquals(listOf(VideoCodec.Vp8, VideoCodec.H264), codecs(names))
        assertEquals(listOf(VideoCodec.Vp8), codecs(listOf("VP8")))
    }
}
