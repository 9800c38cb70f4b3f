// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.push

import org.intercomd.device.keys.Seal
import org.intercomd.device.pairings.Pairings
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.Thumbprint
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.nio.file.Files
import java.nio.file.Path
import javax.crypto.AEADBadTagException
import kotlin.experimental.xor
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes

class KeptPushKeysTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val station = Thumbprint.of(ByteArray(32))
    private val pairings by lazy { Pairings(folder.root.toPath()) }
    private val file: Path by lazy {
        folder.root.toPath().resolve(station.text).resolve("push-keys")
    }

    private fun kept() = KeptPushKeys(pairings, station, TestSeal)

    @Test
    fun `they are the same after a restart`() {
        assertNull(kept().read())
        val made = kept().make(Entropy.secure())
        val read = checkNotNull(kept().read())
        assertEquals(made.p256dh to made.authText, read.p256dh to read.authText)
    }

    @Test
    fun `they are not to be read in the file`() {
        val made = kept().make(Entropy.secure())
        assertFalse(made.authText in file.readBytes().toString(Charsets.ISO_8859_1))
    }

    @Test
    fun `what was not sealed by this phone is none, and others are made`() {
        val lost = kept().make(Entropy.secure())
        file.writeBytes(file.readBytes().also { it[0] = it[0] xor 1 })
        assertNull(kept().read())
        assertNotEquals(lost.p256dh, kept().make(Entropy.secure()).p256dh)
        assertEquals(listOf(file), Files.newDirectoryStream(file.parent).use { it.toList() })
    }

    /** Not Android's, which is not there where these tests run. */
    private object TestSeal : Seal {
        private const val MARK: Byte = 42

        override fun close(clear: ByteArray) =
            byteArrayOf(MARK) + clear.map { it xor MARK }.toByteArray()

        override fun open(sealed: ByteArray): ByteArray {
            if (sealed[0] != MARK) throw AEADBadTagException()
            return sealed.drop(1).map { it xor MARK }.toByteArray()
        }
    }
}
