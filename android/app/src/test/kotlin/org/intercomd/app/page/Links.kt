// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import java.util.Base64

/** As long as that of a station with TLS and as many addresses as a station tells. */
internal val LINK = run {
    val ipv6 = listOf("fd00:1234:5678:0", "2001:db8:9abc:12")
    link(
        pin = "E".repeat(43),
        at = listOf("192.168.178.31:8443") + ipv6.map { "[$it:a00:27ff:fe4e:66a1]:8443" },
    )
}

internal fun link(pin: String, at: List<String>, key: String = ID.text): String {
    val content =
        """{"v":1,"name":"Front door","key":"$key","pin":"$pin","at":[""" +
            at.joinToString(",") { "\"$it\"" } + """],"token":"${"A".repeat(22)}"}"""
    val base64 = Base64.getUrlEncoder().withoutPadding().encodeToString(content.toByteArray())
    return "https://${at.first()}/#pair=$base64"
}
