// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.text

import org.intercomd.phone.call.Ending
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.file.Path
import kotlin.io.path.readText

class TextsTest {
    private val english = XmlTexts("values").strings
    private val german = XmlTexts("values-de").strings

    @Test
    fun `every text is there in both languages, and no other`() {
        val names = Text.entries.map { it.resource }.toSet()
        assertEquals(names, english.keys)
        assertEquals(names, german.keys)
    }

    @Test
    fun `a translation has the places of the original`() {
        for ((name, text) in english) {
            val places = PLACE.findAll(text).map { it.value }.toSet()
            val translated = PLACE.findAll(german.getValue(name)).map { it.value }.toSet()
            assertEquals(name, places, translated)
        }
    }

    @Test
    fun `every code of a refusal has its words`() {
        for (code in Code.entries) assertTrue("$code", words(code).text.resource in english)
        assertEquals(Saying(Text.CodeLocked), words(Code.Locked))
        val progress = DoorProgress.Refused(Failed(Code.Locked), Moment(9))
        assertEquals(Saying(Text.DoorRefused, Saying(Text.CodeLocked)), words(progress))
    }

    @Test
    fun `who took a ring`() {
        val cases = listOf(
            Ending(Status.Elsewhere, Reason.Elsewhere, "Kitchen") to "Answered by Kitchen",
            Ending(Status.Elsewhere, Reason.Elsewhere) to "Answered elsewhere",
            Ending(Status.Elsewhere, Reason.AnsweredAtDoor) to "Somebody opened the door",
            Ending(Status.Rejected, Reason.Rejected) to "Declined elsewhere",
        )
        val texts = XmlTexts()
        for ((ending, words) in cases) assertEquals(words, texts.of(wordsElsewhere(ending)))
    }

    @Test
    fun `an apostrophe would end the text for Android`() {
        val texts = english.values + german.values
        assertTrue(texts.none { "'" in it })
    }

    @Test
    fun `what is looked up by name is kept`() {
        val keep = Path.of("src/main/res/raw/intercom_keep.xml").readText()
        assertTrue("tools:keep=\"@string/intercom_*\"" in keep)
        assertTrue(Text.entries.all { it.resource.startsWith("intercom_") })
    }

    private companion object {
        val PLACE = Regex("""%\d\$[sd]""")
    }
}
