// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.keys.Mid
import org.intercomd.phone.link.message.FromHandset
import org.intercomd.phone.link.message.FromStation

/** Something to be said, under the name that it keeps when it is said again. */
data class Message(val mid: Mid, val says: FromHandset)

/** Something the station said; [re] names the request that it answers. */
data class Heard(val re: Mid?, val says: FromStation)
