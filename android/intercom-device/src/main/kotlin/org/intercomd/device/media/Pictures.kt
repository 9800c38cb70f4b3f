// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.webrtc.VideoFrame
import org.webrtc.VideoSink
import java.util.concurrent.CopyOnWriteArraySet

/** What a station shows, to all who look: screens come and go, sessions too. */
class Pictures : VideoSink {
    private val sinks = CopyOnWriteArraySet<VideoSink>()

    fun add(sink: VideoSink) {
        sinks += sink
    }

    fun remove(sink: VideoSink) {
        sinks -= sink
    }

    override fun onFrame(frame: VideoFrame) = sinks.forEach { it.onFrame(frame) }
}
