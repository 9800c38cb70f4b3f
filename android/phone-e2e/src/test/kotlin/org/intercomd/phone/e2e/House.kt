// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import java.nio.file.Path
import kotlin.io.path.writeText

/** No multiple of another one, nor of what the station itself plays. */
const val HANDSET_TONE = 1310

/** A station and the phones that are paired with it. */
class House(ringsFor: Int = 45, grace: Int = 10) : AutoCloseable {
    val station = Station.start(ringsFor, grace)
    private val phones = mutableListOf<Phone>()

    fun phone(label: String, tone: Int = HANDSET_TONE): Phone =
        Phone.pair(station, label, tone).also { phones += it }

    /** Returns once both hear each other. */
    fun talk(phone: Phone, tone: Int = HANDSET_TONE) {
        phone.talks()
        until("the visitor is heard on the phone") { phone.hears(STATION_TONE).isTone }
        until("the phone is heard at the door") { station.loudspeaker.newest(tone).isTone }
    }

    override fun close() {
        System.getenv("KEEP_LOG")?.let { Path.of(it).writeText(station.log) }
        phones.forEach(Phone::close)
        station.close()
    }
}
