// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.words

/** What a relay does. */
enum class DoorState(override val word: String) : Word {
    Closed("closed"),

    /** The relay pulses. */
    Open("open"),
    Held("held"),
    Locked("locked"),
}

enum class DoorContact(override val word: String) : Word {
    /** There is no contact, or it has not been read yet. */
    Unknown("unknown"),
    Closed("closed"),
    Open("open"),
}

/** The names of BACnet's door alarms. */
enum class DoorAlarm(override val word: String) : Word {
    Normal("normal"),
    OpenTooLong("open_too_long"),
    ForcedOpen("forced_open"),
    Tamper("tamper"),
    Fault("fault"),
    LockedDown("locked_down"),
}
