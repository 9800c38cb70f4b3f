// SPDX-License-Identifier: MIT OR Apache-2.0
// The browser handset, as a person uses it. Its microphone is an oscillator, and what it hears
// is looked at from outside of the page's own code.

import { openPage, screenshot } from "./chromium.mjs";
import { tonePower } from "./sound.mjs";
import { until } from "./wait.mjs";

/** Runs in the page before its own scripts. */
function listenIn(frequency) {
  const peers = [];
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...setup) {
      super(...setup);
      peers.push(this);
    }
  };
  navigator.mediaDevices.getUserMedia = async () => {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const microphone = audio.createMediaStreamDestination();
    tone.frequency.value = frequency;
    tone.connect(microphone);
    tone.start();
    return microphone.stream;
  };
  let ears = null;
  const latest = () => peers.findLast((peer) => peer.connectionState !== "closed");
  globalThis.outside = {
    /** Speaks before it was accepted, as no handset of ours would. Returns once it is spoken. */
    async speakUp() {
      const stream = await navigator.mediaDevices.getUserMedia();
      const sender = latest().getSenders().find((sender) => sender.track?.kind === "audio");
      await sender.replaceTrack(stream.getAudioTracks()[0]);
    },
    async isLoud() {
      const report = await latest().getStats();
      return [...report.values()].some(({ type, kind, audioLevel }) => type === "media-source" && kind === "audio" && audioLevel > 0.1);
    },
    /** What must never be in any log. */
    secrets() {
      const descriptions = [latest().localDescription.sdp, latest().remoteDescription.sdp].join("\n");
      return [...descriptions.matchAll(/a=(?:ice-pwd:|fingerprint:sha-256 )(\S+)/g)].map(([, secret]) => secret);
    },
    /** The newest samples of the station's sound. */
    samples() {
      const track = latest()?.getReceivers().find((receiver) => receiver.track.kind === "audio")?.track;
      if (!track) return null;
      if (ears?.track !== track) {
        const audio = new AudioContext();
        const analyser = audio.createAnalyser();
        analyser.fftSize = 8192;
        audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        ears = { track, audio, analyser };
      }
      const samples = new Float32Array(ears.analyser.fftSize);
      ears.analyser.getFloatTimeDomainData(samples);
      return { rate: ears.audio.sampleRate, samples };
    },
    hidesAddresses: () => /\.local /.test(latest()?.localDescription?.sdp ?? ""),
    async statistics() {
      const found = { received: 0, sent: 0, framesDecoded: 0, codec: "" };
      const peer = latest();
      if (!peer) return found;
      const report = await peer.getStats();
      for (const entry of report.values()) {
        if (entry.type === "inbound-rtp" && entry.kind === "audio") found.received += entry.bytesReceived;
        if (entry.type === "outbound-rtp" && entry.kind === "audio") found.sent += entry.bytesSent;
        if (entry.type === "inbound-rtp" && entry.kind === "video") {
          found.framesDecoded += entry.framesDecoded;
          found.codec = report.get(entry.codecId)?.mimeType ?? "";
        }
      }
      return found;
    },
    /** Of the picture as it is shown. */
    picture() {
      const video = document.querySelector("#visitor");
      if (!video?.videoWidth) return null;
      const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
      const drawing = canvas.getContext("2d");
      drawing.drawImage(video, 0, 0, 64, 48);
      let hash = 0;
      for (const value of drawing.getImageData(0, 0, 64, 48).data) hash = (hash * 31 + value) | 0;
      return hash;
    },
  };
}

export class Handset {
  /** Unpaired. `tone` is what its microphone picks up. */
  static async open(test, browser, { name, tone, context: settings = {}, microphone = "tone" }) {
    const context = await browser.newContext({ viewport: { width: 390, height: 760 }, ...settings });
    if (microphone === "tone") await context.addInitScript(listenIn, tone);
    return new Handset(test, context, name, await openPage(test, context, name));
  }

  /** Paired over the link that the panel page shows. */
  static async pair(test, browser, panel, options) {
    const handset = await Handset.open(test, browser, options);
    await handset.use(await panel.pairingLink());
    await panel.pairingIsUsed();
    return handset;
  }

  constructor(test, context, name, page) {
    Object.assign(this, { test, context, name, page });
  }

  async use(link) {
    await this.page.goto(link);
    await this.page.fill("#label", this.name);
    await this.page.click("#pair");
    await this.connected();
  }

  connected() {
    return this.page.waitForSelector("body[data-page=handset][data-link=connected]");
  }

  /** The phase of the call, in the page's words. */
  call(phase) {
    return this.page.waitForSelector(`body[data-call=${phase}]`);
  }

  path(word) {
    return this.page.waitForSelector(`body[data-path=${word}]`);
  }

  async click(what) {
    await this.page.click(`#${what}`);
  }

  words() {
    return this.page.locator("main").innerText();
  }

  async hears(frequency) {
    const heard = await this.page.evaluate(() => {
      const { rate, samples } = outside.samples() ?? {};
      return samples ? { rate, samples: [...samples] } : null;
    });
    return heard ? tonePower(heard.samples, heard.rate, frequency) : { tone: 0, all: 0 };
  }

  statistics() {
    return this.page.evaluate(() => outside.statistics());
  }

  /** Returns once the visitor was seen to move. */
  async seesTheVisitorMove() {
    const seen = new Set();
    await until(`${this.name} sees the visitor move`, async () => {
      const picture = await this.page.evaluate(() => outside.picture());
      if (picture !== null) seen.add(picture);
      return seen.size >= 4;
    });
    return until(`${this.name} decodes pictures`, async () => {
      const statistics = await this.statistics();
      return statistics.framesDecoded >= 4 && statistics;
    });
  }

  async screenshot(name) {
    await screenshot(this.page, `handset-${name}`);
  }
}
