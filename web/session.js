// SPDX-License-Identifier: MIT OR Apache-2.0
// One WebRTC connection of a call. The station offers, this side answers, once.

const CONNECTED_WITHIN = 12_000;
const USELESS_TO_A_STATION = / [^ ]+\.local /i;

/**
 * `on` has `answer(sdp)`, `candidate(mline, line)`, `path(word, reason)` and `tracks(stream)`.
 * Paths: `connecting`, `connected`, `interrupted` (may heal by itself), `failed`.
 */
export class Session {
  #early = [];
  #isOver = false;
  #track;
  #hasConnected = false;

  constructor({ cid, session, sdp, ice }, { track, clock, on }) {
    Object.assign(this, { cid, number: session, on });
    this.#track = track;
    this.peer = new RTCPeerConnection({ iceServers: ice, bundlePolicy: "max-bundle" });
    this.stream = new MediaStream();
    this.word = "connecting";
    this.peer.onicecandidate = ({ candidate }) => this.#found(candidate);
    this.peer.onconnectionstatechange = () => this.#changed();
    this.peer.ontrack = ({ track: remote }) => {
      this.stream.addTrack(remote);
      on.tracks(this.stream);
    };
    this.cancelDeadline = clock.after(CONNECTED_WITHIN, () => this.#fail("ice_timeout"));
    this.#answer(sdp).catch(() => this.#fail("bad_description"));
  }

  /** What of this side is heard; no renegotiation. */
  async send(track) {
    this.#track = track;
    await this.sender?.replaceTrack(track);
  }

  candidate({ mline, candidate }) {
    if (this.#isOver) return;
    if (this.#early === null) this.#add(mline, candidate);
    else this.#early.push([mline, candidate]);
  }

  get isOver() {
    return this.#isOver;
  }

  statistics() {
    return this.peer.getStats();
  }

  close() {
    this.#isOver = true;
    this.cancelDeadline();
    this.peer.onconnectionstatechange = null;
    this.peer.onicecandidate = null;
    this.peer.ontrack = null;
    this.peer.close();
  }

  async #answer(sdp) {
    await this.peer.setRemoteDescription({ type: "offer", sdp });
    const sound = this.peer.getTransceivers().find(({ receiver }) => receiver.track.kind === "audio");
    if (sound !== undefined) {
      sound.direction = "sendrecv";
      this.sender = sound.sender;
      // The one that is meant by now: setting the offer took its time.
      await this.send(this.#track);
    }
    const answer = await this.peer.createAnswer();
    if (this.#isOver) return;
    this.on.answer(answer.sdp);
    await this.peer.setLocalDescription(answer);
    this.#noticeFarewell();
    const early = this.#early;
    this.#early = null;
    for (const [mline, candidate] of early) this.#add(mline, candidate);
  }

  /** The far side closes DTLS when it goes; ICE would find out seconds later. */
  #noticeFarewell() {
    const transport = this.peer.getReceivers()[0]?.transport;
    if (!transport) return;
    transport.onstatechange = () => {
      if (transport.state === "closed" && !this.#isOver) this.#fail("ice_failed");
    };
  }

  #add(mline, candidate) {
    // The end of the candidates needs no word here, and one that cannot be read is one fewer.
    if (candidate === "") return;
    this.peer.addIceCandidate({ sdpMLineIndex: mline, candidate }).catch(() => {});
  }

  #found(candidate) {
    if (candidate === null) this.on.candidate(0, "");
    else if (candidate.candidate !== "" && !USELESS_TO_A_STATION.test(candidate.candidate)) {
      this.on.candidate(candidate.sdpMLineIndex ?? 0, candidate.candidate);
    }
  }

  #changed() {
    const state = this.peer.connectionState;
    if (state === "connected") {
      this.#hasConnected = true;
      this.cancelDeadline();
      this.#tell("connected");
    } else if (state === "disconnected") this.#tell("interrupted");
    else if (state === "failed") this.#fail("ice_failed");
  }

  #fail(reason) {
    if (this.#isOver) return;
    const word = this.#hasConnected ? "lost" : "failed";
    this.close();
    this.#tell(word, reason);
  }

  #tell(word, reason = null) {
    this.word = word;
    this.on.path(word, reason);
  }
}
