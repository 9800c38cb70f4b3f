// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Notice
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.link.message.Request

/** What is to be done. */
sealed interface Effect {
    data class Ask(val request: Request) : Effect

    data class Notify(val notice: Notice) : Effect

    /** Have a session of this call, if there is none. */
    data class WantSession(val cid: CallId) : Effect

    data class TakeOffer(val offer: Offer) : Effect

    data class AddCandidate(val ice: Ice) : Effect

    /** The call is over: no session, no microphone, nothing said about it any more. */
    data object Leave : Effect

    /** Ring once more. */
    data object RingOnce : Effect

    /** Tell the person why it did not work. */
    data class Explain(val request: Request, val error: Failed) : Effect
}

/** What became of the state, and what is to be done about it. */
data class Step(val state: Calls, val effects: List<Effect> = emptyList()) {
    internal fun then(vararg more: Effect): Step = copy(effects = effects + more)
}
