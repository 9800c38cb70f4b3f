// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.service

import android.app.Notification
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** In Robolectric, as there are no notifications outside of it. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34])
class ForegroundTest {
    private val done = mutableListOf<String>()
    private var refused: RuntimeException? = null
    private val notification = Notification()

    private val foreground =
        Foreground(
            object : ForegroundSystem {
                override fun enter(notification: Notification, types: Set<ServiceType>) {
                    done += types.joinToString("+") { it.name }
                    refused?.let { throw it }
                }

                override fun leave() {
                    done += "left"
                }
            },
        )

    @Test
    fun `a phone call first, the microphone second`() {
        assertTrue(foreground.start(notification))
        foreground.extend(SEEN, notification)
        foreground.stop()
        assertEquals(listOf("PhoneCall", "PhoneCall+Microphone", "left"), done)
    }

    @Test
    fun `what it has it does not ask for again`() {
        foreground.start(notification)
        foreground.extend(SEEN, notification)
        foreground.extend(SEEN.copy(isVisible = false), notification)
        foreground.extend(SEEN, notification)
        assertEquals(listOf("PhoneCall", "PhoneCall+Microphone"), done)
    }

    @Test
    fun `a microphone that is refused is asked for the next time`() {
        foreground.start(notification)
        refused = SecurityException()
        foreground.extend(SEEN, notification)
        refused = null
        foreground.extend(SEEN, notification)
        assertEquals(2, done.count { it == "PhoneCall+Microphone" })
    }

    @Test
    fun `a foreground that is refused is no crash`() {
        for (failure in listOf(SecurityException(), IllegalStateException())) {
            refused = failure
            assertFalse("$failure", foreground.start(notification))
        }
    }

    private companion object {
        val SEEN =
            ServiceConditions(sdk = 34, mayRecord = true, films = false, isVisible = true)
    }
}
