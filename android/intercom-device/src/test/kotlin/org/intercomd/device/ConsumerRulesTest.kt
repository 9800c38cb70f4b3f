// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.webrtc.PeerConnection
import java.nio.file.Path
import java.util.zip.ZipFile
import kotlin.io.path.isDirectory
import kotlin.io.path.readText
import kotlin.io.path.toPath

class ConsumerRulesTest {
    @Test
    fun `every class of WebRTC keeps its name, which its native half knows`() {
        val rules = Path.of("consumer-rules.pro").readText()
        val kept = KEPT.findAll(rules).map { it.groupValues[1] }.toList()
        val classes = ZipFile(webRtc().toFile()).use { jar ->
            jar.entries().asSequence().map { it.name }.filter { it.endsWith(".class") }.toList()
        }
        assertTrue("org/webrtc/PeerConnection.class" in classes)
        val renamed = classes.map { it.replace('/', '.') }.filter { name ->
            kept.none { name.startsWith("$it.") }
        }
        assertEquals(emptyList<String>(), renamed)
    }

    /** Maven's module `aars` has the classes of all archives together, and each jar beside them. */
    private fun webRtc(): Path {
        val source = PeerConnection::class.java.protectionDomain.codeSource
        val classes = source.location.toURI().toPath()
        return if (classes.isDirectory()) classes.resolveSibling("webrtc/classes.jar") else classes
    }

    private companion object {
        val KEPT = Regex("""-keep class ([a-z_.]+)\.\*\* \{ \*; }""")
    }
}
