// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.push

import okhttp3.tls.HeldCertificate
import java.nio.file.Path
import kotlin.io.path.writeText

/** Of a server on the loopback address, signed by an authority of its own. */
internal object ServerCertificate {
    /** Leaves `server.pem` and `server.key` in [directory]. */
    fun make(directory: Path, authority: Path) {
        val ca = HeldCertificate.Builder().certificateAuthority(0).build()
        val server =
            HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").signedBy(ca).build()
        authority.writeText(ca.certificatePem())
        directory.resolve("server.pem").writeText(server.certificatePem())
        directory.resolve("server.key").writeText(server.privateKeyPkcs8Pem())
    }
}
