// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app

import org.junit.Assert.assertEquals
import org.junit.Test
import kotlin.io.path.Path
import kotlin.io.path.readText

class ReadmeTest {
    /** So it is compiled with all the rest. */
    @Test
    fun `the application of the page is the sample`() {
        val block =
            Regex("```kotlin\n( *class App : Application.*?)```", RegexOption.DOT_MATCHES_ALL)
        val page = checkNotNull(block.find(Path("../README.md").readText())).groupValues[1]
        val sample = Path("src/test/kotlin/org/intercomd/sample/App.kt").readText()
        val code = sample.substring(sample.indexOf("class App"))
        assertEquals(code.trim(), page.trimIndent().trim())
    }
}
