// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.station

import org.intercomd.app.page.StationView
import org.intercomd.app.page.parting
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.device.StationPhone
import org.intercomd.device.keys.SignerTrouble
import org.intercomd.intercom.Intercom
import org.intercomd.intercom.call.CallPresenter
import org.intercomd.intercom.call.Phone
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.call.StationSettings
import org.intercomd.intercom.text.words
import org.intercomd.phone.call.Button
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.link.message.Revoke
import org.intercomd.phone.net.HandsetListener
import org.intercomd.phone.net.HandsetState

/** What is known of the stations, on the main thread, and who wants to know when it changes. */
class Stations(
    private val intercom: Intercom,
    private val post: (() -> Unit) -> Unit,
    private val isPaired: (Thumbprint) -> Boolean,
    private val settings: KeptSettings,
) {
    private val joined = LinkedHashMap<Thumbprint, Joined>()
    private val watchers = LinkedHashSet<() -> Unit>()

    /** The stations by name. */
    val views: List<StationView>
        get() = joined.values.map { it.view }.sortedBy { it.name }

    /** What became of the last pairing that ended here, until the person has understood it. */
    var parting: Saying? = null
        private set

    fun view(id: Thumbprint): StationView? = joined[id]?.view

    /** What people call this door of a station, if it has said so. */
    fun label(id: Thumbprint, door: DoorName): String {
        val doors = view(id)?.state?.calls?.station?.doors.orEmpty()
        return doors.find { it.name == door }?.label ?: door.text
    }

    /** A station that is paired, or paired anew. On the main thread. */
    fun listener(phone: StationPhone): HandsetListener {
        val new = Joined(phone)
        joined[phone.paired.id] = new
        return new
    }

    /** What did not work before is not told any more. */
    fun tryAgain(id: Thumbprint) = update(id) { copy(trouble = null) }

    /** On any thread. */
    fun signerTrouble(id: Thumbprint, trouble: SignerTrouble) = post {
        update(id) { copy(trouble = Saying(words(trouble))) }
    }

    /** It is not paired any more, which the person is told by [parting]. */
    fun forgotten(id: Thumbprint, parting: Saying?) {
        if (joined.remove(id) != null) intercom.remove(id.text)
        settings.forget(id)
        this.parting = parting
        changed()
    }

    fun understood() {
        parting = null
        changed()
    }

    fun change(id: Thumbprint, wanted: StationSettings) {
        settings.keep(id, wanted)
        intercom.change(id.text, wanted)
        update(id) { copy(settings = wanted) }
    }

    fun watch(watcher: () -> Unit) {
        watchers += watcher
    }

    fun unwatch(watcher: () -> Unit) {
        watchers -= watcher
    }

    fun changed() = watchers.toList().forEach { it() }

    private fun update(id: Thumbprint, change: StationView.() -> StationView) {
        val station = joined[id] ?: return
        station.view = station.view.change()
        changed()
    }

    private fun words(trouble: SignerTrouble): Text = when (trouble) {
        SignerTrouble.PairAnew -> Text.SignerAnew
        SignerTrouble.NoScreen -> Text.SignerNoScreen
        SignerTrouble.Failed -> Text.SignerFailed
    }

    private inner class Joined(private val phone: StationPhone) :
        HandsetListener,
        Phone {
        private val id = phone.paired.id
        var view = StationView(id, phone.paired.name, settings = settings.of(id))
        private val calls: CallPresenter =
            intercom.add(Station(id.text, view.name), this, view.settings)

        override fun press(button: Button) = phone.live.press(button)

        override fun openDoor(door: DoorName) = phone.live.openDoor(door)

        override fun pauseSound(isPaused: Boolean) = phone.pauseSound(isPaused)

        override fun changed(state: HandsetState) = later {
            calls.show(state.calls, state.doors)
            update(id) { copy(state = state) }
        }

        override fun ringOnce() = later { calls.ringOnce() }

        override fun explain(request: Request, error: Failed) = later {
            update(id) { copy(trouble = Saying(Text.Refused, words(error.code))) }
        }

        /** It may have been the end of the pairing, whatever the answer is. */
        override fun answered(request: Request, answer: FromStation) {
            if (request == Revoke(phone.paired.handset)) {
                post { if (joined[id] === this) forgotten(id, parting(view, answer)) }
            }
        }

        override fun revoked() = later {
            // What was so when this app began was told then.
            if (!phone.paired.isRevoked) calls.revoked()
            update(id) { copy(isRevoked = true) }
        }

        /** News of a pairing that another one took the place of are none. */
        private fun later(tell: () -> Unit) = post {
            if (joined[id] === this && isPaired(id)) tell()
        }
    }
}
