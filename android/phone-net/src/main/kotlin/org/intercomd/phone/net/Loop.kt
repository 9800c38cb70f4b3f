// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import org.intercomd.phone.time.Moment
import java.util.concurrent.Future
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy
import java.util.concurrent.TimeUnit

/** One thread, and one timer that is set anew after all that is done on it. */
internal class Loop(
    name: String,
    private val clock: Clock,
    private val due: () -> Moment?,
    private val tick: (Moment) -> Unit,
) {
    // After the end nothing is done any more, whoever still asks.
    private val executor = ScheduledThreadPoolExecutor(1, { Thread(it, name) }, DiscardPolicy())
    private var timer: Future<*>? = null

    init {
        executor.removeOnCancelPolicy = true
        executor.executeExistingDelayedTasksAfterShutdownPolicy = false
    }

    fun turn(act: (Moment) -> Unit) = executor.execute { run(act) }

    fun end() {
        executor.shutdown()
    }

    private fun run(act: (Moment) -> Unit) {
        try {
            act(clock.now())
            setTimer()
        } catch (e: Throwable) {
            // An executor would keep it to itself.
            val thread = Thread.currentThread()
            thread.uncaughtExceptionHandler.uncaughtException(thread, e)
        }
    }

    private fun setTimer() {
        timer?.cancel(false)
        val delay = due()?.since(clock.now()) ?: return
        timer =
            executor.schedule({ run(tick) }, delay.inWholeMilliseconds, TimeUnit.MILLISECONDS)
    }
}
