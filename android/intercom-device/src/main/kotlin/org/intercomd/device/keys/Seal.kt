// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import java.security.GeneralSecurityException

/** Makes bytes unreadable to all but this phone. */
interface Seal {
    /** @throws GeneralSecurityException */
    fun close(clear: ByteArray): ByteArray

    /** @throws GeneralSecurityException also where it was not closed by this seal */
    fun open(sealed: ByteArray): ByteArray
}
