// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

import android.annotation.TargetApi
import android.os.Build
import android.telecom.CallAudioState
import android.telecom.CallEndpoint
import android.telecom.Connection
import android.telecom.DisconnectCause
import android.telecom.TelecomManager
import org.intercomd.intercom.audio.Route
import org.intercomd.intercom.audio.Sound
import org.intercomd.intercom.audio.SpeakerFirst
import org.intercomd.intercom.audio.routeOf
import org.intercomd.intercom.audio.routesOf
import org.intercomd.intercom.call.CallPresenter
import org.intercomd.intercom.sdk.Since34

/** One call, towards Telecom. */
internal open class IntercomConnection(
    private val presenter: CallPresenter,
    private val call: CallExtras,
) : Connection(),
    TelecomCall {
    private val ending = EndOnce({ setDisconnected(DisconnectCause(it.code)) }, ::destroy)
    private val routing = SpeakerFirst()
    private var isMuted = false
    private var endpoints: List<Any> = emptyList()

    final override var sound = Sound()
        private set

    init {
        connectionProperties = PROPERTY_SELF_MANAGED
        connectionCapabilities = CAPABILITY_HOLD or CAPABILITY_SUPPORT_HOLD or CAPABILITY_MUTE
        audioModeIsVoip = true
        setAddress(CallExtras.address(call.station), TelecomManager.PRESENTATION_ALLOWED)
        setCallerDisplayName(call.name, TelecomManager.PRESENTATION_ALLOWED)
    }

    override fun become(state: TelecomState) = unlessOver {
        when (state) {
            TelecomState.Ringing -> setRinging()
            TelecomState.Dialing -> setDialing()
            TelecomState.Active -> setActive()
            TelecomState.OnHold -> setOnHold()
        }
    }

    override fun disconnect(cause: Cause) = ending.end(cause)

    override fun onShowIncomingCallUi() = unlessOver { presenter.showRing(call.number) }

    override fun onAnswer() = unlessOver { presenter.answer() }

    override fun onAnswer(videoState: Int) = onAnswer()

    override fun onReject() = unlessOver { presenter.reject() }

    override fun onReject(rejectReason: Int) = onReject()

    override fun onReject(replyMessage: String?) = onReject()

    override fun onDisconnect() = leave()

    override fun onAbort() = leave()

    override fun onHold() = unlessOver { presenter.hold(true) }

    override fun onUnhold() = unlessOver { presenter.hold(false) }

    override fun onSilence() = unlessOver { presenter.silence() }

    override fun onMuteStateChanged(isMuted: Boolean) = unlessOver {
        // What it says first is how it was before the call, which is nobody's wish.
        if (this.isMuted != isMuted) presenter.mute(isMuted)
        this.isMuted = isMuted
    }

    @Suppress("OVERRIDE_DEPRECATION", "DEPRECATION")
    override fun onCallAudioStateChanged(state: CallAudioState?) {
        // Since API 34 the same is told by the other three.
        if (state == null || Build.VERSION.SDK_INT >= 34) return
        onMuteStateChanged(state.isMuted)
        val available = routesOf(state.supportedRouteMask)
        tell(Sound(routesOf(state.route).firstOrNull(), available))
        speakerFirst()
    }

    @TargetApi(34)
    override fun onCallEndpointChanged(callEndpoint: CallEndpoint) =
        tell(sound.copy(route = routeOf(callEndpoint.endpointType)))

    @TargetApi(34)
    override fun onAvailableCallEndpointsChanged(availableEndpoints: List<CallEndpoint>) {
        endpoints = availableEndpoints
        val available = availableEndpoints.map { routeOf(it.endpointType) }.toSet()
        tell(sound.copy(available = available))
        speakerFirst()
    }

    override fun onStateChanged(state: Int) = speakerFirst()

    override fun choose(route: Route) {
        routing.choose(route)
        routeTo(route)
    }

    /** On hold it is told of routes, too, which are another call's to choose. */
    private fun speakerFirst() {
        if (state != STATE_HOLDING) routing.wanted(sound.available)?.let(::routeTo)
    }

    private fun tell(sound: Sound) = unlessOver {
        this.sound = sound
        presenter.soundChanged()
    }

    /** Asks Telecom, which does as it likes. */
    @Suppress("DEPRECATION")
    protected open fun routeTo(route: Route) = unlessOver {
        if (Build.VERSION.SDK_INT >= 34) {
            Since34.request(this, endpoints, route)
        } else {
            setAudioRoute(route.mask)
        }
    }

    private fun leave() = unlessOver { presenter.leave() }

    private inline fun unlessOver(act: () -> Unit) {
        if (!ending.isOver) act()
    }
}
