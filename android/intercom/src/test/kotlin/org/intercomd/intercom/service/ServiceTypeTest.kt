// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.service

import android.content.pm.ServiceInfo
import org.junit.Assert.assertEquals
import org.junit.Test

class ServiceTypeTest {
    @Test
    fun `types by Android, permissions and visibility`() {
        val rows =
            """
            sdk  allowed     visible  first had  types
            26   microphone  yes      -          -
            28   both        yes      -          -
            29   both        yes      -          phoneCall
            30   -           yes      -          phoneCall
            30   microphone  yes      -          phoneCall,microphone
            31   microphone  no       -          phoneCall
            34   -           yes      -          phoneCall
            34   microphone  no       -          phoneCall
            34   microphone  yes      -          phoneCall,microphone
            34   both        yes      -          phoneCall,camera,microphone
            34   both        no       -          phoneCall
            34   microphone  no       microphone phoneCall,microphone
            34   -           no       microphone phoneCall
            35   both        no       microphone phoneCall,microphone
            36   both        yes      -          phoneCall,camera,microphone
            """.trimIndent().lines().drop(1).map {
                it.split(Regex(" +"))
            }
        for ((sdk, allowed, visible, had, types) in rows) {
            val conditions =
                ServiceConditions(
                    sdk.toInt(),
                    mayRecord = allowed != "-",
                    films = allowed == "both",
                    isVisible = visible == "yes",
                )
            val given = serviceTypes(conditions, named(had))
            assertEquals("$sdk $allowed $visible $had", named(types), given)
        }
    }

    @Test
    fun `the numbers are Android's`() {
        val bits =
            mapOf(
                ServiceType.PhoneCall to ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL,
                ServiceType.Camera to ServiceInfo.FOREGROUND_SERVICE_TYPE_CAMERA,
                ServiceType.Microphone to ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE,
            )
        assertEquals(bits, ServiceType.entries.associateWith { it.bit })
    }

    private fun named(words: String): Set<ServiceType> = words.split(",").filter { it != "-" }
        .map { word -> ServiceType.entries.single { it.name.equals(word, ignoreCase = true) } }
        .toSet()
}
