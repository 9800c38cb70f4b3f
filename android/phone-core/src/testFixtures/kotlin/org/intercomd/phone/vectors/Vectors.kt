// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.vectors

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.JsonReader
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.P256
import org.intercomd.phone.keys.PlatformKeyPair
import org.intercomd.phone.keys.PublicKey
import java.math.BigInteger
import java.nio.file.Path
import java.security.KeyFactory
import java.security.PrivateKey
import java.security.spec.ECPrivateKeySpec
import kotlin.io.path.readText

/** The wire vectors of the project's root, and the keys in them, which everybody knows. */
object Vectors {
    private val folder = Path.of("../../tests/vectors")
    private const val DEEPEST = 32

    fun read(name: String): Json.Object =
        JsonReader.read(folder.resolve(name).readText(), DEEPEST).asObject

    private val keys = read("keys.json")["keys"].asObject

    val keyNames: Set<String> = keys.members.keys

    fun publicKey(name: String): PublicKey = PublicKey.read(keys[name].asObject["jwk"].here)

    fun keyPair(name: String): PlatformKeyPair =
        PlatformKeyPair(privateKey(keys[name].asObject.bytes("d")), publicKey(name))

    fun privateKey(d: ByteArray): PrivateKey = KeyFactory.getInstance("EC")
        .generatePrivate(ECPrivateKeySpec(BigInteger(1, d), P256.parameters))

    fun thumbprint(name: String): String = keys[name].asObject.text("thumbprint")
}

val Json?.here: Json
    get() = this ?: throw Malformed("nothing there")

val Json?.asObject: Json.Object
    get() = this as Json.Object

val Json?.asItems: List<Json>
    get() = (this as Json.Items).items

fun Json.Object.text(name: String): String = (this[name] as Json.Text).text

fun Json.Object.number(name: String): Long = (this[name] as Json.Integer).value

fun Json.Object.bytes(name: String): ByteArray =
    checkNotNull(Base64Url.decode(text(name))) { "$name is no base64url" }

fun Json.Object.each(name: String): List<Json.Object> = this[name].asItems.map { it.asObject }
