// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.pairings

import org.intercomd.phone.json.Malformed
import org.intercomd.phone.keys.Thumbprint
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.isDirectory
import kotlin.io.path.name

/**
 * What is kept of stations: a directory for each, so that what becomes unreadable is one of them.
 * The directory is to be one that Android does not back up, since keys are in no backup either.
 */
class Pairings(private val directory: Path) {
    /** [damaged] are there and cannot be read: they are to be paired anew, or removed. */
    data class All(val stations: List<PairedStation>, val damaged: List<Damaged>)

    data class Damaged(val station: Thumbprint, val why: String)

    /** @throws IOException */
    fun load(): All {
        val stations = ArrayList<PairedStation>()
        val damaged = ArrayList<Damaged>()
        for (id in ids()) {
            try {
                stations += read(id) ?: continue
            } catch (e: Malformed) {
                damaged += Damaged(id, e.message.orEmpty())
            } catch (e: IOException) {
                damaged += Damaged(id, e.toString())
            }
        }
        return All(stations.sortedBy { it.name }, damaged)
    }

    /** In the place of an earlier one with this station. @throws IOException */
    @Synchronized
    fun save(station: PairedStation) = file(station.id).write(station.written())

    /** Unless it was removed meanwhile, or paired anew. @throws IOException */
    @Synchronized
    fun revoked(station: PairedStation) {
        val isThere = load().stations.any { it == station }
        if (isThere) save(station.copy(isRevoked = true))
    }

    /** With all that belongs to it. @throws IOException */
    @Synchronized
    fun remove(id: Thumbprint) {
        // The pairing first: what is left without one is none.
        file(id).delete()
        val all = of(id)
        if (all.isDirectory()) files(all).forEach(Files::delete)
        Files.deleteIfExists(all)
    }

    /** Where the rest of what belongs to a station is kept. */
    internal fun of(id: Thumbprint): Path = directory.resolve(id.text)

    private fun file(id: Thumbprint) = AtomicFile(of(id).resolve("station.json"))

    private fun read(id: Thumbprint): PairedStation? {
        val station = PairedStation.read(file(id).read() ?: return null)
        if (station.id != id) throw Malformed("of another station")
        return station
    }

    private fun ids(): List<Thumbprint> {
        if (!directory.isDirectory()) return emptyList()
        return files(directory).filter { it.isDirectory() }.mapNotNull { Thumbprint.parse(it.name) }
    }

    private fun files(directory: Path): List<Path> =
        Files.newDirectoryStream(directory).use { it.sorted() }
}
