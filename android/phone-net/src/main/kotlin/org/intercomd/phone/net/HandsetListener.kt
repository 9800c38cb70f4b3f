// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import org.intercomd.phone.call.Calls
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.handset.Handset
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.push.PushRefusal

/** What a handset is doing. */
data class HandsetState(
    val calls: Calls = Calls(),
    val link: Link = Link(Link.Word.Stopped, null, null),
    val doors: Map<DoorName, DoorProgress> = emptyMap(),
    /** To be kept over restarts, and given to the next [Handset]. */
    val newestCall: CallId? = null,
) {
    internal constructor(handset: Handset) :
        this(handset.calls, handset.link, handset.doorProgress, handset.newestCall)
}

/** Whoever shows a handset to its person. Called on the handset's thread, so it never waits. */
interface HandsetListener {
    fun changed(state: HandsetState)

    /** Ring once more. */
    fun ringOnce() = Unit

    /** Tell the person why it did not work. */
    fun explain(request: Request, error: Failed) = Unit

    fun answered(request: Request, answer: FromStation) = Unit

    /** A push was taken, and what it says was told, or it was refused. */
    fun pushed(refusal: PushRefusal?) = Unit

    /** This handset is not paired any more. */
    fun revoked() = Unit
}
