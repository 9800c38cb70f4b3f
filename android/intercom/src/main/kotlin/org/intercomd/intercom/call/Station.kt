// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.call

/** A station that this phone is paired with. */
data class Station(
    /** Its key's thumbprint: the same for as long as it is paired. */
    val id: String,
    /** What the person calls it. */
    val name: String,
)
