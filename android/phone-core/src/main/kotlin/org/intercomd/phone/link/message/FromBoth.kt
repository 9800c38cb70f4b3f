// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link.message

import org.intercomd.phone.json.Json

/** One way to reach the sender in this session. */
data class Ice(
    override val cid: CallId,
    val session: SessionNo,
    val mline: Long,
    val candidate: Candidate,
) : FromStation,
    Notice {
    override val t = "ice"
    override val body
        get() =
            Json.of(
                "cid" to cid.json,
                "session" to session.json,
                "mline" to Json.Integer(mline),
                "candidate" to Json.Text(candidate.line),
            )
}

data object Ack : FromStation, Notice {
    override val t = "ack"
    override val body = Json.of()
}
