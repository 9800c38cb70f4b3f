// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.pairings

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.JsonReader
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.json.Members
import org.intercomd.phone.json.count
import org.intercomd.phone.json.written
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.message.CallId
import java.io.IOException

/**
 * The newest call that this phone heard of from a station, over restarts: a push of that
 * call or an older one was seen before.
 */
class NewestCall(pairings: Pairings, station: Thumbprint) {
    private val file = AtomicFile(pairings.of(station).resolve("newest-call.json"))

    /**
     * Null where it never heard of any, or cannot tell any more: a push is not older than its
     * `until` even so. @throws IOException
     */
    @Synchronized
    fun read(): CallId? = try {
        val bytes = file.read() ?: return null
        Members.of(JsonReader.read(bytes)) { CallId(required("cid", ::count)) }
    } catch (_: Malformed) {
        null
    }

    /** Kept when it returns. @throws IOException */
    @Synchronized
    fun heardOf(cid: CallId) {
        val known = read()
        if (known != null && known.number >= cid.number) return
        file.write(Json.of("cid" to cid.json).written().toByteArray())
    }
}
