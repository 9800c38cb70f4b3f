// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.sdk

import android.annotation.TargetApi
import android.security.keystore.KeyGenParameterSpec

@TargetApi(28)
internal object Since28 {
    fun putInStrongBox(builder: KeyGenParameterSpec.Builder) {
        builder.setIsStrongBoxBacked(true)
    }
}
