// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.text

import org.intercomd.phone.words.Code

/** Why something was refused, for a person. */
fun words(code: Code): Saying = Saying(
    when (code) {
        Code.NotAllowed -> Text.CodeNotAllowed

        Code.Revoked, Code.UnknownKey -> Text.CodeRevoked

        Code.PairingClosed -> Text.CodePairingClosed

        Code.BadToken -> Text.CodeBadToken

        Code.WrongState, Code.NotFound -> Text.CodeWrongState

        Code.Busy -> Text.CodeBusy

        Code.Answered -> Text.CodeAnswered

        Code.RateLimited -> Text.CodeRateLimited

        Code.Locked -> Text.CodeLocked

        Code.Tampered, Code.RelayFault -> Text.CodeFault

        Code.Unavailable -> Text.CodeUnavailable

        Code.BadSignature, Code.WrongRecipient -> Text.CodeUntrusted

        Code.NoAnswer, Code.BadChallenge -> Text.CodeNoAnswer

        Code.Stopped -> Text.CodeStopped

        // Faults of one of the two programs, or words that are not known here.
        Code.TooLarge, Code.BadHeader, Code.BadPayload, Code.Stale -> Text.CodeFailed

        Code.UnknownMessage, Code.BadBody, Code.BadEndpoint, Code.Failed -> Text.CodeFailed
    },
)
