// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.words

/** What a call is doing, or how it ended, as this handset sees it. */
enum class Status(override val word: String, val isTerminal: Boolean) : Word {
    /** Created, not yet known to ring anywhere. */
    Initiated("initiated", false),
    Ringing("ringing", false),

    /** Accepted, media not yet flowing. */
    Connecting("connecting", false),
    Ongoing("ongoing", false),
    Ended("ended", true),
    Busy("busy", true),
    Rejected("rejected", true),
    Cancelled("cancelled", true),

    /** Nobody answered, as the caller sees it. */
    Unanswered("unanswered", true),

    /** Nobody answered or the caller gave up, as the callee sees it. */
    Missed("missed", true),

    /** Another handset answered, or the visitor was let in. */
    Elsewhere("elsewhere", true),
    Failed("failed", true),
}
