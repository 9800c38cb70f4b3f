// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import org.intercomd.app.page.Row
import org.intercomd.app.page.Wish

/**
 * Which of the [old] rows stay as which of the [new] ones, by place: those that are most alike, in
 * the same order, so that no view is moved away from a finger or from the focus.
 */
internal fun keptRows(old: List<Row>, new: List<Row>): Map<Int, Int> {
    val best = Array(old.size + 1) { IntArray(new.size + 1) }
    for (from in old.indices.reversed()) {
        for (to in new.indices.reversed()) {
            val both = likeness(old[from], new[to]) + best[from + 1][to + 1]
            best[from][to] = maxOf(both, best[from + 1][to], best[from][to + 1])
        }
    }
    return buildMap {
        var (from, to) = 0 to 0
        while (from < old.size && to < new.size) {
            when (best[from][to]) {
                best[from + 1][to] -> from++
                best[from][to + 1] -> to++
                else -> put(to++, from++)
            }
        }
    }
}

private fun likeness(old: Row, new: Row): Int = when {
    old == new -> SAME
    identity(old) == identity(new) -> ALIKE
    else -> 0
}

/** What a row is, whatever it says just now: a button never comes to mean something else. */
private fun identity(row: Row): Any = when (row) {
    is Row.Heading -> Row.Heading::class
    is Row.Line -> Row.Line::class to row.isNews
    is Row.Press -> if (row.wish is Wish.Light) Wish.Light::class else row.wish
    is Row.Switch -> row.text
    is Row.Field -> row.field
}

private const val SAME = 3
private const val ALIKE = 2
