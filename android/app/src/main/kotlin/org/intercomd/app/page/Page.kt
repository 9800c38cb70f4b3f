// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.intercom.call.StationSettings
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.message.DoorName

/** What a screen shows: from the top, in words. */
data class Page(val title: Saying, val rows: List<Row>)

sealed interface Row {
    data class Heading(val text: Saying) : Row

    /** [isNews]: a screen reader says it when it changes. */
    data class Line(val text: Saying, val isNews: Boolean = false) : Row

    data class Press(val text: Saying, val wish: Wish) : Row

    /** [wish]: that it be the other way round. */
    data class Switch(val text: Saying, val isOn: Boolean, val wish: Wish) : Row

    /** The person writes something. */
    data class Field(val label: Saying, val field: Wish.Field) : Row
}

/** What the person wants. */
sealed interface Wish {
    enum class Field { Link, Label }

    data object Pair : Wish

    /** By the camera, the link that a code holds. */
    data object Scan : Wish

    data object ScanAgain : Wish

    data class Light(val isOn: Boolean) : Wish

    data object Check : Wish

    /** What was told does not need to be told any more. */
    data object Understood : Wish

    data object PairNow : Wish

    data object PairAgain : Wish

    data object Practise : Wish

    data class Show(val station: Thumbprint) : Wish

    data class Forget(val station: Thumbprint) : Wish

    data class Unpair(val station: Thumbprint) : Wish

    data object Call : Wish

    data object Listen : Wish

    data object BackToCall : Wish

    data class OpenDoor(val door: DoorName) : Wish

    data class Choose(val distributor: String) : Wish

    data class Ask(val permission: String) : Wish

    /** A page of Android's settings. [isOfApp]: it is about this app alone. */
    data class Settings(val action: String, val isOfApp: Boolean = false) : Wish

    data class Change(val settings: StationSettings) : Wish

    /** How this station rings, which Android has the person choose. */
    data object Ringtone : Wish

    /** What Android has the person choose for all stations. */
    data object RingSettings : Wish
}
