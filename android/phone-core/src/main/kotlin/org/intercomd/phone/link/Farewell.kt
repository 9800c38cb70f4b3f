// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.words.Code

/** Why a conversation ended. Only what is signed may have consequences beyond the connection. */
sealed interface Farewell {
    /** The station itself said no. */
    data class Denied(val error: Failed) : Farewell

    /** This side did not take what it was sent. */
    data class Refused(val code: Code) : Farewell

    /** The other end closed it, or it could not be opened. The hint is signed by nobody. */
    data class Closed(val hint: String) : Farewell

    /** Nothing came in time. */
    data object Silent : Farewell

    /** The call key could not be used. */
    data object CannotSign : Farewell

    data object Stopped : Farewell
}
