// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.words

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.nio.file.Path
import kotlin.enums.EnumEntries
import kotlin.io.path.readText

/** One word for each thing, under the same name in Rust and here. */
class WordsTest {
    @Test
    fun `the words for calls and doors are those of the station`() {
        val theirs = enumsOf("core/status.rs")
        assertEquals(theirs["Status"], ours(Status.entries))
        assertEquals(theirs["Reason"], ours(Reason.entries))
        assertEquals(theirs["Direction"], ours(Direction.entries))
        assertEquals(theirs["Media"], ours(Media.entries))
        assertEquals(theirs["MediaState"], ours(MediaState.entries))
        assertEquals(theirs["DoorState"], ours(DoorState.entries))
        assertEquals(theirs["DoorAlarm"], ours(DoorAlarm.entries))
        assertEquals(theirs["DoorContact"], ours(DoorContact.entries))
    }

    @Test
    fun `the words of the link are those of the station`() {
        val fields = enumsOf("link/message/field.rs")
        assertEquals(fields["NoSession"], ours(NoSession.entries))
        assertEquals(fields["DialKind"], ours(DialKind.entries))
        assertEquals(enumsOf("session.rs")["VideoCodec"], ours(VideoCodec.entries))
        assertEquals(enumsOf("core/profile.rs")["Right"], ours(Right.entries))
    }

    @Test
    fun `the codes are those of the station, and some of this side`() {
        val own = setOf(Code.BadEndpoint, Code.Failed, Code.NoAnswer, Code.Stopped)
            .associate { it.name to it.word }
        assertEquals(enumsOf("link/refusal.rs").getValue("Code") + own, ours(Code.entries))
    }

    @Test
    fun `a word that is not known is a failure of which nothing more is known`() {
        assertEquals(Reason.Failed, Reason.of("too_new"))
        assertEquals(Code.Failed, Code.of("too_new"))
        assertEquals(Reason.MediaTimeout, Reason.of("media_timeout"))
        assertEquals(Code.RateLimited, Code.of("rate_limited"))
    }

    private fun <E> ours(entries: EnumEntries<E>): Map<String, String> where E : Enum<E>, E : Word =
        entries.associate { it.name to it.word }

    /** The enums of a file in Rust, each by its variants and their words. */
    private fun enumsOf(file: String): Map<String, Map<String, String>> {
        val text = Path.of("../../src", file).readText()
        return ENUM.findAll(text).associate { found ->
            val (name, body) = found.destructured
            name to VARIANT.findAll(body).associate { it.groupValues[1] to it.groupValues[2] }
        }
    }

    private companion object {
        val ENUM = Regex("""pub enum (\w+) \{\n(.*?)\n {4}\}""", RegexOption.DOT_MATCHES_ALL)
        val VARIANT = Regex("""(\w+) = "(\w+)",""")
    }
}
