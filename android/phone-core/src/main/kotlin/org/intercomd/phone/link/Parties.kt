// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.keys.KeyPair
import org.intercomd.phone.keys.PublicKey
import org.intercomd.phone.keys.Thumbprint

/** Who speaks with whom. */
class Parties(
    val handset: KeyPair,
    val station: PublicKey,
    /** Which program speaks, up to 64 characters. */
    val app: String,
) {
    val me: Thumbprint
        get() = handset.public.thumbprint
}
