// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

import android.annotation.TargetApi
import android.telecom.Connection
import android.telecom.ConnectionRequest
import android.telecom.ConnectionService
import android.telecom.DisconnectCause
import android.telecom.PhoneAccountHandle
import org.intercomd.intercom.Intercom

/** Where Telecom comes back with the calls that it was told of. */
class IntercomConnectionService : ConnectionService() {
    override fun onCreateIncomingConnection(
        connectionManagerPhoneAccount: PhoneAccountHandle?,
        request: ConnectionRequest?,
    ): Connection = create(request)

    override fun onCreateOutgoingConnection(
        connectionManagerPhoneAccount: PhoneAccountHandle?,
        request: ConnectionRequest?,
    ): Connection = create(request)

    override fun onCreateIncomingConnectionFailed(
        connectionManagerPhoneAccount: PhoneAccountHandle?,
        request: ConnectionRequest?,
    ) = failed(request)

    override fun onCreateOutgoingConnectionFailed(
        connectionManagerPhoneAccount: PhoneAccountHandle?,
        request: ConnectionRequest?,
    ) = failed(request)

    /** Telecom waits for it before another app's call is heard, and ends ours when it waits too long. */
    @TargetApi(28)
    override fun onConnectionServiceFocusLost() {
        Intercom.installed?.giveWay()
        connectionServiceFocusReleased()
    }

    private fun create(request: ConnectionRequest?): Connection {
        val call = CallExtras.read(request?.extras) ?: return tooLate()
        val presenter = Intercom.installed?.calls(call.station) ?: return tooLate()
        val connection = IntercomConnection(presenter, call)
        return if (presenter.created(call.number, connection)) connection else tooLate()
    }

    private fun failed(request: ConnectionRequest?) {
        val call = CallExtras.read(request?.extras) ?: return
        Intercom.installed?.calls(call.station)?.refused(call.number)
    }

    private fun tooLate(): Connection =
        Connection.createFailedConnection(DisconnectCause(DisconnectCause.CANCELED))
}
