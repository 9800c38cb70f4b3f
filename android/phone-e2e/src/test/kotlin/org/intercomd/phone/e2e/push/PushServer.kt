// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.push

import org.intercomd.phone.e2e.until
import java.io.IOException
import java.net.HttpURLConnection
import java.net.ServerSocket
import java.net.URI
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.createDirectories
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively
import kotlin.io.path.readText
import kotlin.io.path.writeText

/**
 * A push server as one runs it at home: Prosody with `mod_unified_push`. It takes what is posted to
 * an address and asks the distributor to which that belongs to take it.
 */
class PushServer private constructor(private val home: Path) : AutoCloseable {
    private val http = freePort()
    private val https = freePort()
    val componentPort = freePort()
    val url = URI("http://127.0.0.1:$http/push")

    /** By its own certificate, which [certificate] has signed. */
    val httpsUrl = URI("https://127.0.0.1:$https/push")
    val certificate: Path = home.resolve("authority.pem")
    private lateinit var prosody: Process

    val log: String
        get() = home.resolve("log").readText()

    /** How often something was posted to an address that leads nowhere. */
    val notFound: Int
        get() = log.lineSequence().count { "unacceptable token" in it }

    /** What was registered before is known still. */
    fun run() {
        val prosody =
            listOf("prosody", "-F", "--config", "${home.resolve("prosody.cfg.lua")}")
        val builder = ProcessBuilder(WITHOUT_RIGHTS + prosody).redirectErrorStream(true)
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
        this.prosody = builder.start()
        until("the push server listens", details = ::log) { isThere() }
    }

    fun stop() {
        prosody.destroy()
        check(prosody.waitFor(GOES_WITHIN_S, TimeUnit.SECONDS)) { "Prosody does not end\n$log" }
    }

    /** No address that it gave away leads anywhere any more. */
    fun forget() = registrations().toFile().listFiles().orEmpty().forEach { check(it.delete()) }

    @OptIn(ExperimentalPathApi::class)
    override fun close() {
        stop()
        home.deleteRecursively()
    }

    /** Where Prosody's storage has those of the host and the module. */
    private fun registrations() = home.resolve("data/push%2etest/unified_push")

    private fun isThere(): Boolean = try {
        (url.toURL().openConnection() as HttpURLConnection).responseCode == 200
    } catch (_: IOException) {
        check(prosody.isAlive) { "Prosody ended\n$log" }
        false
    }

    private fun configure() {
        home.resolve("data").createDirectories()
        ServerCertificate.make(home, certificate)
        home.resolve("prosody.cfg.lua").writeText(
            """
            data_path = "$home/data"
            certificates = "$home"
            log = { { levels = { min = "debug" }, to = "console" } }
            interfaces = { "127.0.0.1" }
            component_ports = { $componentPort }
            http_ports = { $http }
            https_ports = { $https }
            https_ssl = { certificate = "$home/server.pem", key = "$home/server.key" }
            http_default_host = "$DOMAIN"
            modules_disabled = { "c2s", "s2s", "saslauth", "offline", "posix" }

            VirtualHost "$DOMAIN"
                modules_enabled = { "unified_push" }
                unified_push_acl = { "${Distributor.DOMAIN}" }
                unified_push_backend = "storage"
                http_external_url = "http://127.0.0.1:$http/"

            Component "${Distributor.DOMAIN}"
                component_secret = "${Distributor.SECRET}"
            """.trimIndent(),
        )
    }

    companion object {
        const val DOMAIN = "push.test"
        private const val GOES_WITHIN_S = 20L
        private val WITHOUT_RIGHTS = listOf("setpriv", "--bounding-set=-all", "--no-new-privs")

        fun start(): PushServer = PushServer(createTempDirectory("intercomd-push-")).apply {
            configure()
            run()
        }

        private fun freePort(): Int = ServerSocket(0).use { it.localPort }
    }
}
