// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import org.intercomd.phone.call.Button
import org.intercomd.phone.link.message.CallId
import java.nio.file.Path

/** No multiple of another one, nor of what the station itself plays. */
const val HANDSET_TONE = 1310

/** The last words of a station that a test failed with. */
private const val TOLD = 300

/** Everybody is gone when the story is over. If it fails, the station's log tells its side. */
fun house(ringsFor: Int = 45, grace: Int = 10, trusts: Path? = null, story: House.() -> Unit) =
    House(ringsFor, grace, trusts).use {
        try {
            it.story()
        } catch (e: Throwable) {
            println(it.station.log.lines().takeLast(TOLD).joinToString("\n"))
            throw e
        }
    }

/** A station and the phones that are paired with it. */
class House(ringsFor: Int, grace: Int, trusts: Path?) : AutoCloseable {
    val station = Station.start(ringsFor, grace, trusts)
    private val phones = mutableListOf<Phone>()

    val panel: Panel
        get() = station.panel

    fun phone(label: String, tone: Int = HANDSET_TONE): Phone =
        Phone.pair(station, label, tone).also { phones += it }

    /** The number of the call. */
    fun ring(phone: Phone): CallId {
        panel.press("bell")
        return phone.rings()
    }

    /** Returns once the two hear each other. */
    fun talk(phone: Phone, tone: Int = HANDSET_TONE) {
        phone.talks()
        until("the visitor is heard on the phone") { phone.hears(STATION_TONE).isTone }
        until("the phone is heard at the door") { station.loudspeaker.newest(tone).isTone }
    }

    /** From the bell to a conversation; the number of the call. */
    fun answered(phone: Phone): CallId {
        val cid = ring(phone)
        phone.press(Button.Answer)
        talk(phone)
        return cid
    }

    override fun close() {
        Network.mend()
        phones.forEach(Phone::close)
        station.close()
    }
}
