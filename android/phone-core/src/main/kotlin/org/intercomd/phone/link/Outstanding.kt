// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.keys.Mid
import org.intercomd.phone.link.message.FromHandset
import org.intercomd.phone.link.message.Notice
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.time.Moment
import org.intercomd.phone.time.earliest

/** What outlives a connection: requests without an answer, notices that were not acknowledged. */
internal class Outstanding {
    private class Entry(val message: Message, val answerBy: Moment?)

    private val entries = LinkedHashMap<Mid, Entry>()

    val all: List<Message>
        get() = entries.values.map { it.message }

    fun add(mid: Mid, says: FromHandset, answerBy: Moment?): Message {
        val message = Message(mid, says)
        entries[mid] = Entry(message, answerBy)
        return message
    }

    /** The request that was asked under this name, no longer outstanding. */
    fun answered(mid: Mid?): Request? {
        val request = entries[mid]?.message?.says as? Request ?: return null
        entries.remove(mid)
        return request
    }

    fun acknowledged(mids: List<Mid>) {
        for (mid in mids) if (entries[mid]?.message?.says is Notice) entries.remove(mid)
    }

    fun forget(isObsolete: (Notice) -> Boolean) {
        entries.values.removeAll { (it.message.says as? Notice)?.let(isObsolete) == true }
    }

    /** Those whose time is over. */
    fun unanswered(now: Moment): List<Mid> =
        entries.filterValues { entry -> entry.answerBy?.let { it <= now } == true }.keys.toList()

    fun requests(): List<Mid> = entries.filterValues { it.message.says is Request }.keys.toList()

    fun due(): Moment? = earliest(entries.values.map { it.answerBy })
}
