// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import android.Manifest
import android.provider.Settings
import org.intercomd.app.scan.ScanTrouble
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text

/** How far scanning has come. */
sealed interface ScanState {
    data class Looking(
        /** Null where the camera has none, or is not there yet. */
        val isLit: Boolean? = null,
        /** A code was seen that holds no pairing link. */
        val sawOther: Boolean = false,
    ) : ScanState

    data class Ended(val why: ScanTrouble) : ScanState
}

/** What is below the picture. */
fun scanPage(state: ScanState): Page {
    val rows = when (state) {
        is ScanState.Looking -> looking(state)

        is ScanState.Ended ->
            listOf(Row.Line(words(state.why), isNews = true)) + mend(state.why)
    }
    return Page(Saying(Text.Scan), rows)
}

private fun looking(state: ScanState.Looking): List<Row> = buildList {
    val text = if (state.sawOther) Text.ScanOther else Text.ScanHow
    add(Row.Line(Saying(text), isNews = true))
    state.isLit?.let { isLit ->
        val light = if (isLit) Text.ScanDark else Text.ScanLight
        add(Row.Press(Saying(light), Wish.Light(!isLit)))
    }
}

private fun words(why: ScanTrouble) = Saying(
    when (why) {
        ScanTrouble.NotAllowed -> Text.ScanNotAllowed
        ScanTrouble.NoCamera -> Text.ScanNoCamera
        ScanTrouble.InUse -> Text.ScanInUse
        ScanTrouble.SwitchedOff -> Text.ScanSwitchedOff
        ScanTrouble.Failed -> Text.ScanFailed
    },
)

private fun mend(why: ScanTrouble): List<Row> = when (why) {
    // Whoever said no twice is not asked any more by Android, and finds it in the settings.
    ScanTrouble.NotAllowed -> listOf(
        Row.Press(Saying(Text.Allow), Wish.Ask(Manifest.permission.CAMERA)),
        Row.Press(
            Saying(Text.Settings),
            Wish.Settings(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, isOfApp = true),
        ),
    )

    ScanTrouble.InUse, ScanTrouble.Failed ->
        listOf(Row.Press(Saying(Text.PairAgain), Wish.ScanAgain))

    ScanTrouble.NoCamera, ScanTrouble.SwitchedOff -> emptyList()
}
