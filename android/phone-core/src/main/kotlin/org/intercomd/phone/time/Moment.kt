// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.time

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * A point on the monotonic clock that goes on while the phone sleeps, counted from an origin that
 * only the clock's owner knows. Nothing here asks what time it is; it is told.
 */
@JvmInline
value class Moment(val millis: Long) : Comparable<Moment> {
    operator fun plus(later: Duration): Moment = Moment(millis + later.inWholeMilliseconds)

    /** Zero when [earlier] is not earlier. */
    fun since(earlier: Moment): Duration = (millis - earlier.millis).coerceAtLeast(0).milliseconds

    override fun compareTo(other: Moment): Int = millis.compareTo(other.millis)
}

/** The first of those that are known. */
fun earliest(moments: List<Moment?>): Moment? = moments.filterNotNull().minOrNull()
