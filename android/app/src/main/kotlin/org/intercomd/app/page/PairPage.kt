// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import android.provider.Settings
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.intercom.permission.NeededPermission
import org.intercomd.intercom.text.words
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.pairing.Invitation
import org.intercomd.phone.words.Code
import org.intercomd.intercom.text.Text as CallText

/** How far pairing has come. */
sealed interface PairState {
    /** [news]: what came of a scan, or is to be written differently. */
    data class Writing(val news: Saying? = null) : PairState

    data class Waiting(val name: String) : PairState

    data class Paired(val name: String, val id: Thumbprint) : PairState

    data class Refused(val code: Code) : PairState

    data object NoScreenLock : PairState

    data object Impossible : PairState
}

/** What the person wrote, as far as it can be used. */
sealed interface Written {
    data class Fits(val invitation: Invitation, val label: Label) : Written

    data class Wrong(val why: Saying) : Written
}

/** It may stand in the middle of what another app shared. */
fun invitation(link: String): Invitation? =
    link.split(Regex("\\s+")).find { "#pair=" in it }?.let(Invitation::read)

fun written(link: String, label: String): Written {
    val invitation = invitation(link) ?: return Written.Wrong(Saying(Text.PairNoLink))
    val name = Label.parse(label.trim()) ?: return Written.Wrong(Saying(Text.PairNoLabel))
    return Written.Fits(invitation, name)
}

/** [missing]: what this phone does not allow yet. [canScan]: it has a camera. */
fun pairPage(state: PairState, missing: List<NeededPermission>, canScan: Boolean): Page =
    Page(Saying(Text.Pair), rows(state, missing, canScan))

private fun rows(state: PairState, missing: List<NeededPermission>, canScan: Boolean): List<Row> =
    when (state) {
        is PairState.Writing -> buildList {
            add(Row.Line(Saying(if (canScan) Text.PairHow else Text.PairHowLink)))
            if (canScan) add(Row.Press(Saying(Text.Scan), Wish.Scan))
            add(Row.Field(Saying(Text.PairLink), Wish.Field.Link))
            add(Row.Field(Saying(Text.PairLabel), Wish.Field.Label))
            state.news?.let { add(news(it)) }
            add(Row.Press(Saying(Text.PairNow), Wish.PairNow))
        }

        is PairState.Waiting -> listOf(news(Saying(Text.PairWaiting, state.name)))

        // A phone that is paired and does not ring is the disappointment to avoid.
        is PairState.Paired -> buildList {
            add(news(Saying(Text.Paired, state.name)))
            for (finding in missing.map(::finding)) {
                add(Row.Line(finding.text))
                addAll(finding.mend)
            }
            add(Row.Press(Saying(Text.Check), Wish.Check))
            add(Row.Press(Saying(Text.Show, state.name), Wish.Show(state.id)))
        }

        is PairState.Refused -> listOf(
            news(Saying(Text.PairRefused, why(state.code))),
            again,
        )

        PairState.NoScreenLock -> listOf(
            news(Saying(Text.PairNoLock)),
            Row.Press(Saying(Text.SetScreenLock), Wish.Settings(Settings.ACTION_SECURITY_SETTINGS)),
            again,
        )

        PairState.Impossible -> listOf(news(Saying(Text.PairImpossible)), again)
    }

/** A key that is not known is the station's: it is not that of the invitation. */
private fun why(code: Code): Saying =
    if (code == Code.UnknownKey) Saying(CallText.CodeUntrusted) else words(code)

private fun news(text: Saying) = Row.Line(text, isNews = true)

private val again = Row.Press(Saying(Text.PairAgain), Wish.PairAgain)
