// SPDX-License-Identifier: MIT OR Apache-2.0
// Serves the pages as a station does, with its content security policy, and carries frames between
// them and a scripted station: RFC 6455 as far as text frames go.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";

const PAGES = new URL("../../web/", import.meta.url);
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
  + "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
  + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const [TEXT, CLOSE, PING, PONG] = [1, 8, 9, 10];

/** `{ origin, cut(), restore(), close() }`. */
export async function serve(station) {
  const peers = new Set();
  let isCut = false;
  const server = createServer(serveFile);
  server.on("upgrade", (request, socket) => {
    if (isCut || request.url !== "/link") return socket.destroy();
    const peer = new Peer(socket, request.headers["sec-websocket-key"]);
    peers.add(peer);
    peer.attach(station.connected(peer));
    return socket.on("close", () => peers.delete(peer));
  });
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    /** As if the station had lost its power. */
    cut() {
      isCut = true;
      for (const { socket } of peers) socket.destroy();
    },
    restore() {
      isCut = false;
    },
    async close() {
      this.cut();
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

async function serveFile(request, response) {
  const { pathname } = new URL(request.url, "http://host");
  const name = pathname === "/" ? "index.html" : pathname.slice(1);
  const type = TYPES[extname(name)];
  const isPlain = /^[a-z0-9-]+\.[a-z]+$/.test(name);
  const body = isPlain ? await readFile(new URL(name, PAGES)).catch(() => null) : null;
  if (body === null || type === undefined) return response.writeHead(404).end();
  const headers = {
    "content-type": type, "content-security-policy": POLICY, "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  };
  return response.writeHead(200, headers).end(body);
}

class Peer {
  #unread = Buffer.alloc(0);

  constructor(socket, key) {
    this.socket = socket;
    const accepted = createHash("sha1")
      .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write([
      "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${accepted}`, "Sec-WebSocket-Protocol: icm1", "", "",
    ].join("\r\n"));
    socket.on("error", () => {});
  }

  attach(connection) {
    this.socket.on("data", (bytes) => {
      this.#unread = Buffer.concat([this.#unread, bytes]);
      for (let frame = this.#next(); frame !== null; frame = this.#next()) {
        if (frame.kind === TEXT) connection.receive(frame.body.toString("utf8"));
        if (frame.kind === PING) this.#write(PONG, frame.body);
        if (frame.kind === CLOSE) this.socket.end();
      }
    });
    this.socket.on("close", () => connection.closed());
  }

  send(text) {
    this.#write(TEXT, Buffer.from(text));
  }

  close(code, reason = "") {
    const head = Buffer.alloc(2);
    head.writeUInt16BE(code);
    this.#write(CLOSE, Buffer.concat([head, Buffer.from(reason)]));
    this.socket.end();
  }

  #write(kind, body) {
    const isLong = body.length > 125;
    const head = Buffer.from([0x80 | kind, isLong ? 126 : body.length, ...(isLong ? [0, 0] : [])]);
    if (isLong) head.writeUInt16BE(body.length, 2);
    if (this.socket.writable) this.socket.write(Buffer.concat([head, body]));
  }

  /** Frames of browsers are masked, and none of ours is longer than 64 KiB. */
  #next() {
    const bytes = this.#unread;
    if (bytes.length < 2) return null;
    const short = bytes[1] & 0x7f;
    const at = short === 126 ? 4 : 2;
    if (short === 127) throw new Error("a frame too long for any of ours");
    if (bytes.length < at) return null;
    const length = short === 126 ? bytes.readUInt16BE(2) : short;
    const end = at + 4 + length;
    if (bytes.length < end) return null;
    const mask = bytes.subarray(at, at + 4);
    const body = bytes.subarray(at + 4, end).map((byte, index) => byte ^ mask[index % 4]);
    this.#unread = bytes.subarray(end);
    return { kind: bytes[0] & 0x0f, body: Buffer.from(body) };
  }
}
