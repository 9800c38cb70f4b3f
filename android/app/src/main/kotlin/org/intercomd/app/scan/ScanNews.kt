// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.scan

/** What the camera tells. */
sealed interface ScanNews {
    /** Frames are on their way. [sensor]: the degrees that they are to be turned by. */
    data class Looks(val frame: Extent, val sensor: Int, val hasLight: Boolean) : ScanNews

    data class Found(val text: String) : ScanNews

    /** There will be no more frames. */
    data class Ended(val why: ScanTrouble) : ScanNews
}

/** Why nothing can be scanned. */
enum class ScanTrouble {
    NotAllowed,
    NoCamera,
    InUse,

    /** By whoever administers the device. */
    SwitchedOff,
    Failed,
}
