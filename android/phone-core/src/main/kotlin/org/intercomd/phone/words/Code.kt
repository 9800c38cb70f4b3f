// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.words

/**
 * Why something was refused. The first eleven are those of the checks of a frame, in their order;
 * the last three are said by this side alone.
 */
enum class Code(override val word: String) : Word {
    TooLarge("too_large"),
    BadHeader("bad_header"),
    UnknownKey("unknown_key"),
    Revoked("revoked"),
    BadSignature("bad_signature"),
    BadPayload("bad_payload"),
    WrongRecipient("wrong_recipient"),
    Stale("stale"),
    UnknownMessage("unknown_message"),
    BadBody("bad_body"),
    NotAllowed("not_allowed"),
    PairingClosed("pairing_closed"),
    BadToken("bad_token"),
    WrongState("wrong_state"),
    NotFound("not_found"),
    Busy("busy"),

    /** Another handset answered. */
    Answered("answered"),
    RateLimited("rate_limited"),
    Locked("locked"),
    Tampered("tampered"),
    RelayFault("relay_fault"),
    BadChallenge("bad_challenge"),

    /** Pushes are not sent there. */
    BadEndpoint("bad_endpoint"),
    Unavailable("unavailable"),

    /** A code that is not known here. */
    Failed("failed"),

    /** The station did not answer in time. */
    NoAnswer("no_answer"),

    /** The connection was stopped here, or the person said no. */
    Stopped("stopped"),
    ;

    companion object {
        fun of(text: String): Code = wordOf(text) ?: Failed
    }
}
