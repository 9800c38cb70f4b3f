// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import org.intercomd.phone.call.Call
import org.intercomd.phone.link.message.Answer
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Closed
import org.intercomd.phone.link.message.Connect
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.words.MediaState

/** Sound and pictures: the WebRTC of a phone. Called on the handset's thread, so it never waits. */
interface Media {
    /** What is to be heard, and whether the microphone is wanted, is a matter of the call. */
    fun follow(call: Call?)

    /** Have a session of this call, if there is none: [MediaReports.connect]. */
    fun want(cid: CallId)

    /** There is none for now; [Failed.retryIn] says when to ask again, if that helps. */
    fun refused(connect: Connect, error: Failed)

    /** One whose session is there already is a repetition, whose answer is said again. */
    fun take(offer: Offer)

    fun add(ice: Ice)

    /** The call is over: no session, no microphone. */
    fun leave()
}

/** What a [Media] says, on any thread. */
interface MediaReports {
    /** Asks for a session: [Media.take] follows, or [Media.refused]. */
    fun connect(connect: Connect)

    fun answer(answer: Answer)

    fun candidate(ice: Ice)

    fun closed(closed: Closed)

    fun changed(cid: CallId, state: MediaState)
}
