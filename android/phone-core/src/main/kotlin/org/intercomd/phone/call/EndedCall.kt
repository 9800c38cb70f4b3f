// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import kotlin.time.Duration

/** How a call ended for this handset. */
data class EndedCall(
    val cid: CallId?,
    val contact: String?,
    val direction: Direction,
    val isMonitor: Boolean,
    val ending: Ending,
    val at: Moment,
    /** How long it talked. */
    val lasted: Duration?,
)

data class Ending(
    val status: Status,
    val reason: Reason,
    val answeredBy: String? = null,
    /** The station did not say so; what it says later corrects it. */
    val isGuess: Boolean = false,
)
