// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.time.Moment

/** Whether the station is reached. */
data class Link(
    val word: Word,
    /** Since when it is not. */
    val since: Moment?,
    /** What ended the last connection; it still holds while the next one is tried. */
    val why: Farewell?,
) {
    enum class Word { Connecting, Connected, Lost, Stopped }
}
