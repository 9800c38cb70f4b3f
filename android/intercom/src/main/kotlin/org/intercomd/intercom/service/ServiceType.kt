// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.service

/** A type of a foreground service: the bits of `android.content.pm.ServiceInfo`. */
enum class ServiceType(val bit: Int, val since: Int, val permission: String) {
    PhoneCall(1 shl 2, since = 29, "android.permission.FOREGROUND_SERVICE_PHONE_CALL"),
    Camera(1 shl 6, since = 30, "android.permission.FOREGROUND_SERVICE_CAMERA"),
    Microphone(1 shl 7, since = 30, "android.permission.FOREGROUND_SERVICE_MICROPHONE"),
}

/** What the types of the service depend on. */
data class ServiceConditions(
    val sdk: Int,
    /** The person allows the microphone. */
    val mayRecord: Boolean,
    /** The person allows the camera, and the call sends its picture. */
    val films: Boolean,
    /** An activity of this app can be seen. */
    val isVisible: Boolean,
)

/**
 * What the service is to be of. [had] is what it is of already: it may keep that when the app is
 * not visible any more, but whoever is not visible is given nothing new.
 */
internal fun serviceTypes(now: ServiceConditions, had: Set<ServiceType>): Set<ServiceType> =
    ServiceType.entries.filterTo(mutableSetOf()) { type ->
        val isWanted =
            when (type) {
                ServiceType.PhoneCall -> true
                ServiceType.Microphone -> now.mayRecord
                ServiceType.Camera -> now.films
            }
        val isGiven = type == ServiceType.PhoneCall || now.isVisible || type in had
        isWanted && isGiven && now.sdk >= type.since
    }
