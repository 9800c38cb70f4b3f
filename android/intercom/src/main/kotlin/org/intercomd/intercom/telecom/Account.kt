// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

import android.content.ComponentName
import android.content.Context
import android.telecom.PhoneAccount
import android.telecom.PhoneAccountHandle

/** Under what this app's calls are known to Telecom. */
internal class Account(context: Context) {
    private val label =
        context.packageManager.getApplicationLabel(context.applicationInfo).toString()

    val handle =
        PhoneAccountHandle(
            ComponentName(context, IntercomConnectionService::class.java),
            "intercom",
        )

    /** Self-managed and nothing else: together with others it is refused. */
    val account: PhoneAccount =
        PhoneAccount.builder(handle, label)
            .setCapabilities(PhoneAccount.CAPABILITY_SELF_MANAGED)
            .addSupportedUriScheme(PhoneAccount.SCHEME_SIP)
            .build()
}
