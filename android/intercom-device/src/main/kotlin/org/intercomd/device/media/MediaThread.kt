// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/** Where WebRTC is called, which may take its time. */
interface MediaThread {
    fun run(act: () -> Unit)

    fun after(delay: Duration, act: () -> Unit): Cancel

    fun interface Cancel {
        /** Does nothing once it was done. */
        fun cancel()
    }
}

/** One for all stations: they share the microphone and the loudspeaker. */
class OneMediaThread : MediaThread {
    private val executor =
        ScheduledThreadPoolExecutor(1) { Thread(it, "media") }.apply { removeOnCancelPolicy = true }

    override fun run(act: () -> Unit) = executor.execute(told(act))

    override fun after(delay: Duration, act: () -> Unit): MediaThread.Cancel {
        val millis = delay.inWholeMilliseconds
        val timer = executor.schedule(told(act), millis, TimeUnit.MILLISECONDS)
        return MediaThread.Cancel { timer.cancel(false) }
    }

    /** An executor would keep what is thrown to itself. */
    private fun told(act: () -> Unit) = Runnable {
        try {
            act()
        } catch (e: Throwable) {
            val thread = Thread.currentThread()
            thread.uncaughtExceptionHandler.uncaughtException(thread, e)
        }
    }
}
