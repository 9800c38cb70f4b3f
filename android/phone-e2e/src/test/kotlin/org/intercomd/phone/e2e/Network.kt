// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

/** What lies between the phone and the station. The panel's page is on the loopback address. */
object Network {
    /** As a phone leaves the house: whatever is said is lost without a word. */
    fun cut() = drop("ip saddr 10.20.0.1")

    /** What is said by the link; sound and pictures go on. */
    fun cutLink() = drop("ip saddr 10.20.0.1 meta l4proto tcp")

    fun mend() = filter("add table inet cut; delete table inet cut")

    private fun drop(what: String) = filter(
        """
        table inet cut {
            chain input {
                type filter hook input priority 0
                $what drop
            }
        }
        """,
    )

    private fun filter(rules: String) {
        val nft = ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start()
        nft.outputWriter().use { it.write(rules.trimIndent()) }
        val said = nft.inputReader().readText()
        check(nft.waitFor() == 0) { "nft: $said" }
    }
}
