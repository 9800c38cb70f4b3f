// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.text

import org.intercomd.phone.call.Ending
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status

/** Who took a ring that this phone did not. */
fun wordsElsewhere(ending: Ending): Saying {
    val by = ending.answeredBy
    return when {
        ending.status == Status.Rejected -> Saying(Text.DeclinedElsewhere)
        ending.reason == Reason.AnsweredAtDoor -> Saying(Text.AnsweredAtDoor)
        by == null -> Saying(Text.Elsewhere)
        else -> Saying(Text.ElsewhereBy, by)
    }
}
