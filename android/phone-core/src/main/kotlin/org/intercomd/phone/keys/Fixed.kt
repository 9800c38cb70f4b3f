// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.keys

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.json.text

/** Bytes of a fixed length, kept as the base64url that they travel as. */
sealed interface Fixed {
    val text: String

    val bytes: ByteArray
        get() = checkNotNull(Base64Url.decode(text)) { "checked when it was made" }

    val json: Json
        get() = Json.Text(text)
}

/** What a kind of [Fixed] is made by. */
abstract class FixedKind<T : Fixed>(private val length: Int, private val make: (String) -> T) {
    fun of(bytes: ByteArray): T {
        require(bytes.size == length) { "${bytes.size} bytes instead of $length" }
        return make(Base64Url.encode(bytes))
    }

    fun parse(text: String): T? = if (Base64Url.decode(text, length) != null) make(text) else null

    /** @throws Malformed */
    fun read(json: Json): T = parse(text(json)) ?: throw Malformed("not $length bytes")
}

/** Names a key: RFC 7638 with SHA-256. */
@JvmInline
value class Thumbprint private constructor(override val text: String) : Fixed {
    override fun toString(): String = text

    companion object : FixedKind<Thumbprint>(32, ::Thumbprint)
}

/** SHA-256 of the public key (SPKI) that a station has for TLS. */
@JvmInline
value class Pin private constructor(override val text: String) : Fixed {
    override fun toString(): String = text

    companion object : FixedKind<Pin>(32, ::Pin)
}

/** Names a message. */
@JvmInline
value class Mid private constructor(override val text: String) : Fixed {
    override fun toString(): String = text

    companion object : FixedKind<Mid>(16, ::Mid)
}

/** Said once, by either side. */
@JvmInline
value class Nonce private constructor(override val text: String) : Fixed {
    override fun toString(): String = text

    companion object : FixedKind<Nonce>(16, ::Nonce)
}

/** Whoever has it can pair one handset, so it does not print. */
@JvmInline
value class Token private constructor(override val text: String) : Fixed {
    override fun toString(): String = "Token"

    companion object : FixedKind<Token>(16, ::Token)
}

/** HMAC-SHA256. It does not print. */
@JvmInline
value class Mac private constructor(override val text: String) : Fixed {
    override fun toString(): String = "Mac"

    companion object : FixedKind<Mac>(32, ::Mac)
}
