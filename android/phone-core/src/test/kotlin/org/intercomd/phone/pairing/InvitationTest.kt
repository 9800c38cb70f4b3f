// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.pairing

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.written
import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.Token
import org.intercomd.phone.vectors.Vectors
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test

class InvitationTest {
    @Test
    fun `a station has a name that can be shown, or the link is none`() {
        for (name in listOf("G", "Haus 🚪", "🚪".repeat(64))) {
            assertEquals(name, Invitation.read(link(name))?.name)
        }
        for (name in listOf("", "Gate\n", "\u0000", "G".repeat(65))) {
            assertNull(Invitation.read(link(name)), name)
        }
    }

    private fun link(name: String): String {
        val json =
            Json.of(
                "v" to Json.Integer(1),
                "name" to Json.Text(name),
                "key" to Vectors.publicKey("station").thumbprint.json,
                "pin" to Json.Text(""),
                "at" to Json.texts(listOf("127.0.0.1:7480")),
                "token" to Json.Text(Token.of(ByteArray(16)).text),
            )
        return "http://127.0.0.1:7480/#pair=" + Base64Url.encode(json.written().toByteArray())
    }
}
