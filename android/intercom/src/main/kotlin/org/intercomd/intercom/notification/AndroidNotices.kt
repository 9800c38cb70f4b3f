// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.notification

import android.content.Context
import org.intercomd.intercom.call.Missed
import org.intercomd.intercom.call.Notice
import org.intercomd.intercom.call.Notices
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.permission.RingConditions
import org.intercomd.intercom.permission.RingStyle
import org.intercomd.phone.link.message.CallId

/** The notifications of one station, posted. */
internal class AndroidNotices(
    private val context: Context,
    private val station: String,
    private val look: CallNotifications,
    private val conditions: () -> RingConditions,
    private val ongoingLook: () -> OngoingLook,
    private val isVisible: () -> Boolean,
) : Notices {
    private val notifications = context.notifications

    override fun ring(ring: Notice.Ring, isInTelecom: Boolean): Boolean {
        // Android's call style is for what fills the screen.
        val isAside = ring.manner == Notice.Ring.Manner.Aside
        val style =
            if (isAside) RingStyle.Plain else conditions().style(ring.station, isInTelecom)
        if (style != RingStyle.None) {
            notifications.notify(station, RING, look.ring(ring, style))
            return true
        }
        // From where nothing is visible, Android lets nobody open a screen.
        val isVisible = isVisible()
        if (isVisible) context.startActivity(CallIntents(context, station).ring())
        return isVisible
    }

    override fun clearRing() = notifications.cancel(station, RING)

    override fun ongoing(ongoing: Notice.Ongoing) {
        val notification = look.ongoing(ongoing, ongoingLook(), isOfService = false)
        notifications.notify(station, ONGOING, notification)
    }

    override fun clearOngoing() = notifications.cancel(station, ONGOING)

    override fun missed(missed: Missed) =
        notifications.notify(missedTag(missed.cid), MISSED, look.missed(missed))

    override fun clearMissed(cid: CallId?) = notifications.cancel(missedTag(cid), MISSED)

    override fun revoked(station: Station) =
        notifications.notify(station.id, REVOKED, look.revoked(station))

    override fun clearRevoked() = notifications.cancel(station, REVOKED)

    private fun missedTag(cid: CallId?) = "$station/$cid"

    companion object {
        const val RING = 1
        const val ONGOING = 2
        const val MISSED = 3

        /** What the service carries; it has no tag, and there is one for all stations. */
        const val SERVICE = 4
        const val REVOKED = 5
    }
}
