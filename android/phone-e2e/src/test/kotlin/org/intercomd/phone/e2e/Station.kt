// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import java.net.URI
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** What the microphone at the door picks up. */
const val STATION_TONE = 440

/** The real daemon with its real media worker, as `intercomd demo` runs it. */
class Station private constructor(
    private val home: Path,
    /** Who signs for push services, where it is not who the machine trusts. */
    private val trusts: Path?,
) : AutoCloseable {
    val loudspeaker = Loudspeaker(home.resolve("loudspeaker.raw"))
    lateinit var panel: Panel
        private set
    private lateinit var daemon: Process

    /** Of the daemon and of its workers. */
    val log: String
        get() = home.resolve("log").readText()

    fun run() {
        val binaries = Path.of(System.getProperty("intercomd.binaries")).toAbsolutePath()
        val program = binaries.resolve("intercomd")
        check(Files.isExecutable(program)) { "no $program: run `cargo build` first" }
        val settings = listOf("--config", "$home/intercomd.toml", "--log", "debug")
        val command = listOf("$program", "demo", "--bus", "none") + settings
        val builder = ProcessBuilder(command)
        builder.environment() += mapOf("TMPDIR" to "$home")
        trusts?.let { builder.environment() += mapOf("SSL_CERT_FILE" to "$it") }
        builder.redirectError(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
        val said = home.resolve("said")
        daemon = builder.redirectOutput(said.toFile()).start()
        val page = find("the panel's address", { log }) { PAGE.find(said.readText()) }
        panel = Panel.open(URI(page.groupValues[1]))
    }

    /** As power that fails: nothing is said, nothing is tidied up. */
    fun kill() {
        panel.close()
        daemon.destroyForcibly().waitFor()
    }

    @OptIn(kotlin.io.path.ExperimentalPathApi::class)
    override fun close() {
        panel.close()
        daemon.destroy()
        check(daemon.waitFor(GOES_WITHIN_S, TimeUnit.SECONDS)) { "the station does not end\n$log" }
        home.deleteRecursively()
    }

    companion object {
        private const val GOES_WITHIN_S = 20L
        private val PAGE = Regex("At the door: +(http:\\S+)")

        fun start(ringsFor: Int, grace: Int, trusts: Path?): Station {
            val home = createTempDirectory("intercomd-phone-")
            home.resolve("intercomd.toml").writeText(configuration(home, ringsFor, grace))
            return Station(home, trusts).apply { run() }
        }

        private fun configuration(home: Path, ringsFor: Int, grace: Int) = """
            [station]
            name = "Test door"
            [store]
            directory = "$home/state"
            [bus]
            address = "none"
            [link]
            listen = "10.20.0.1:7443"
            [push]
            private_endpoints = true
            clock = "trusted"
            [call]
            grace_s = $grace
            connect_timeout_s = 120
            [audio]
            capture = "tone:$STATION_TONE"
            playback = "file:$home/loudspeaker.raw"
            [video]
            source = "pattern"
            width = 320
            height = 240
            fps = 15
            [panel]
            backend = "sim"
            [buttons.bell]
            max_presses = 100
            press = { idle = "call:home", calling = "nudge", ringing = "accept", ongoing = "nothing" }
            [buttons.end]
            press = { idle = "nothing", calling = "cancel", ongoing = "hang_up" }
            [lights.call]
            shows = { ringing = "blink", connected = "on" }
            [doors.front]
            relay = {}
            pulse_ms = 1000
            [contacts.home]
            ring = [{ handsets = "all", for_s = $ringsFor }]
        """.trimIndent()
    }
}
