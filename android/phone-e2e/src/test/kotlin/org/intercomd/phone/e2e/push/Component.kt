// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.push

import java.net.InetAddress
import java.net.Socket
import java.security.MessageDigest
import java.util.HexFormat
import javax.xml.stream.XMLInputFactory
import javax.xml.stream.XMLStreamConstants
import javax.xml.stream.XMLStreamException
import kotlin.concurrent.thread

internal data class Element(val name: String, val attributes: Map<String, String>) {
    fun attribute(name: String): String = attributes.getValue(name)
}

/** [content] is the first element in it; [text] is all that stands between elements. */
internal data class Iq(val iq: Element, val content: Element?, val text: String)

/** A part of an XMPP server that is another process, over XEP-0114. */
internal class Component(
    port: Int,
    domain: String,
    secret: String,
    /** Called on the thread that reads. */
    private val received: (Iq) -> Unit,
) : AutoCloseable {
    private val socket = Socket(InetAddress.getLoopbackAddress(), port)
    private val xml = run {
        say("<?xml version='1.0'?>")
        say("<stream:stream xmlns='jabber:component:accept' xmlns:stream='$STREAM' to='$domain'>")
        XMLInputFactory.newFactory().createXMLStreamReader(socket.inputStream)
    }

    init {
        xml.nextTag()
        say("<handshake>${hexSha1(element().attribute("id") + secret)}</handshake>")
        xml.nextTag()
        check(xml.localName == "handshake") { "the server says ${xml.localName}" }
        xml.nextTag()
        thread(isDaemon = true, name = "component", block = ::read)
    }

    @Synchronized
    fun say(text: String) = socket.outputStream.write(text.toByteArray())

    override fun close() = socket.close()

    private fun read() {
        try {
            while (xml.next() != XMLStreamConstants.END_ELEMENT) {
                if (xml.isStartElement) received(iq())
            }
        } catch (e: XMLStreamException) {
            if (!socket.isClosed) throw e
        }
    }

    private fun iq(): Iq {
        val iq = element()
        var content: Element? = null
        val text = StringBuilder()
        var depth = 1
        while (depth > 0) {
            when (xml.next()) {
                XMLStreamConstants.START_ELEMENT -> {
                    depth++
                    content = content ?: element()
                }

                XMLStreamConstants.END_ELEMENT -> depth--

                XMLStreamConstants.CHARACTERS -> text.append(xml.text)
            }
        }
        return Iq(iq, content, text.toString())
    }

    private fun element() = Element(
        xml.localName,
        (0 until xml.attributeCount).associate {
            xml.getAttributeLocalName(it) to xml.getAttributeValue(it)
        },
    )

    private companion object {
        const val STREAM = "http://etherx.jabber.org/streams"

        fun hexSha1(text: String): String =
            HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.toByteArray()))
    }
}
