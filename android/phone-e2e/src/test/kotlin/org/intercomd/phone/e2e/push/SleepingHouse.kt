// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.push

import org.intercomd.phone.e2e.HANDSET_TONE
import org.intercomd.phone.e2e.House
import org.intercomd.phone.e2e.Panel
import org.intercomd.phone.e2e.Phone
import org.intercomd.phone.e2e.house
import java.net.URI

/** As [house], with a push server. */
fun asleep(ringsFor: Int = 45, story: SleepingHouse.() -> Unit) = PushServer.start().use { server ->
    Distributor(server).use { distributor ->
        house(ringsFor, trusts = server.certificate) {
            SleepingHouse(this, server, distributor).story()
        }
    }
}

/** A house whose phones sleep until a push wakes them. */
class SleepingHouse(val house: House, val server: PushServer, val distributor: Distributor) {
    val panel: Panel
        get() = house.panel

    /** One that can be reached by pushes alone. */
    fun sleeper(label: String, tone: Int = HANDSET_TONE, endpoint: (URI) -> URI = { it }): Phone =
        house.phone(label, tone).apply {
            registerPushes(endpoint(distributor.register(label, ::pushed)))
            sleep()
        }
}
