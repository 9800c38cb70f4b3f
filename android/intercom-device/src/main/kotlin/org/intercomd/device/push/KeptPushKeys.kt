// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.push

import org.intercomd.device.keys.Seal
import org.intercomd.device.pairings.AtomicFile
import org.intercomd.device.pairings.Pairings
import org.intercomd.phone.json.Json
import org.intercomd.phone.json.JsonReader
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.json.Members
import org.intercomd.phone.json.text
import org.intercomd.phone.json.written
import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.P256
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.push.PushKeys
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyFactory
import java.security.KeyPair
import java.security.spec.PKCS8EncodedKeySpec
import java.security.spec.X509EncodedKeySpec

/**
 * The keys that a station's pushes are encrypted for. Android Keystore agrees on secrets from
 * Android 12 on only, so they are in a file that it seals, on all versions alike.
 */
class KeptPushKeys(pairings: Pairings, station: Thumbprint, private val seal: Seal) {
    private val file = AtomicFile(pairings.of(station).resolve("push-keys"))

    /** Null where there are none that can be read. @throws IOException */
    fun read(): PushKeys? {
        val sealed = file.read() ?: return null
        return try {
            Members.of(JsonReader.read(seal.open(sealed))) {
                val keys = KeyFactory.getInstance("EC")
                val public = keys.generatePublic(X509EncodedKeySpec(bytes("public")))
                val private = keys.generatePrivate(PKCS8EncodedKeySpec(bytes("private")))
                PushKeys(KeyPair(public, private), bytes("auth"))
            }
        } catch (_: GeneralSecurityException) {
            null
        } catch (_: Malformed) {
            null
        }
    }

    /** New ones: what the station was told before is of no use. @throws IOException */
    fun make(entropy: Entropy): PushKeys {
        val pair = P256.generate()
        val auth = entropy.bytes(AUTH_SIZE)
        val clear =
            Json.of(
                "public" to Json.Text(Base64Url.encode(pair.public.encoded)),
                "private" to Json.Text(Base64Url.encode(pair.private.encoded)),
                "auth" to Json.Text(Base64Url.encode(auth)),
            )
        file.write(sealed(clear.written().toByteArray()))
        return PushKeys(pair, auth)
    }

    fun delete() = file.delete()

    private fun sealed(clear: ByteArray): ByteArray = try {
        seal.close(clear)
    } catch (e: GeneralSecurityException) {
        throw IOException(e)
    }

    private fun Members.bytes(name: String): ByteArray =
        Base64Url.decode(text(name)) ?: throw Malformed("no $name")

    private companion object {
        const val AUTH_SIZE = 16
    }
}
