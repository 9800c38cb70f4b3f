// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.push

import org.intercomd.phone.words.Word

/** A push was not taken, and has no effect. */
class PushRefused(val why: PushRefusal, detail: String = why.word, cause: Throwable? = null) :
    Exception(detail, cause)

/** Why not, in the order of the checks: PROTOCOL.md, section 10. */
enum class PushRefusal(override val word: String) : Word {
    TooLarge("too_large"),

    /** Not for these push keys, damaged, or no push at all. */
    BadEncryption("bad_encryption"),
    BadHeader("bad_header"),
    UnknownKey("unknown_key"),
    BadSignature("bad_signature"),
    BadPayload("bad_payload"),
    WrongRecipient("wrong_recipient"),

    /** Of a call that was heard of before. */
    Stale("stale"),
    UnknownMessage("unknown_message"),
    BadBody("bad_body"),

    /** It came after its time, by this phone's clock. */
    Late("late"),
}
