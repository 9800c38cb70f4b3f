// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.pairings

import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardCopyOption.REPLACE_EXISTING
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.TRUNCATE_EXISTING
import java.nio.file.StandardOpenOption.WRITE

/** A file that holds what it held or what it is to hold, whenever the phone goes dark. */
internal class AtomicFile(private val path: Path) {
    private val draft = path.resolveSibling("${path.fileName}.new")

    /** Null where there is none. @throws IOException */
    fun read(): ByteArray? = try {
        Files.readAllBytes(path)
    } catch (_: NoSuchFileException) {
        null
    }

    /** @throws IOException */
    fun write(bytes: ByteArray) {
        Files.createDirectories(path.parent)
        FileChannel.open(draft, CREATE, WRITE, TRUNCATE_EXISTING).use { channel ->
            val buffer = ByteBuffer.wrap(bytes)
            while (buffer.hasRemaining()) channel.write(buffer)
            channel.force(true)
        }
        Files.move(draft, path, ATOMIC_MOVE, REPLACE_EXISTING)
    }

    fun delete() {
        Files.deleteIfExists(path)
        Files.deleteIfExists(draft)
    }
}
