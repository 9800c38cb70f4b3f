// SPDX-License-Identifier: MIT OR Apache-2.0
// What this side sends: silence always, and the microphone while somebody talks. A station that
// hears nothing at all takes the path for lost.

const WANTED = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

const RATE = 48_000;
const BLOCK_EVERY = 20;

/** Why there is no microphone, by the browser's name for it. */
const FAULTS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "in_use",
  AbortError: "in_use",
};

export class Silence {
  #generated = null;

  constructor(audio) {
    const destination = audio.createMediaStreamDestination();
    const source = audio.createConstantSource();
    source.offset.value = 0;
    source.connect(destination);
    source.start();
    this.audio = audio;
    this.struck = destination.stream.getAudioTracks()[0];
  }

  /** Before somebody touched the page an AudioContext makes no sound, not even silence. */
  get track() {
    const isStuck = this.audio.state !== "running" && "MediaStreamTrackGenerator" in window;
    if (!isStuck) return this.struck;
    this.#generated ??= new GeneratedSilence();
    return this.#generated.track;
  }

  stop() {
    this.#generated?.stop();
    this.#generated = null;
  }
}

/** Chrome only; elsewhere the station has to wait for that touch. */
class GeneratedSilence {
  #written = 0;

  constructor() {
    this.track = new MediaStreamTrackGenerator({ kind: "audio" });
    const writer = this.track.writable.getWriter();
    this.timer = setInterval(() => writer.write(this.#next()).catch(() => this.stop()), BLOCK_EVERY);
  }

  #next() {
    const numberOfFrames = (RATE * BLOCK_EVERY) / 1000;
    const timestamp = this.#written * 1000 * BLOCK_EVERY;
    this.#written += 1;
    return new AudioData({
      format: "f32", sampleRate: RATE, numberOfChannels: 1, numberOfFrames, timestamp,
      data: new Float32Array(numberOfFrames),
    });
  }

  stop() {
    clearInterval(this.timer);
    this.track.stop();
  }
}

/** `unsupported`, `denied`, `granted`, or `unknown` until somebody was asked. */
export async function permission() {
  if (navigator.mediaDevices?.getUserMedia === undefined) return "unsupported";
  try {
    const { state } = await navigator.permissions.query({ name: "microphone" });
    return state === "prompt" ? "unknown" : state;
  } catch {
    return "unknown";
  }
}

/** `on(word)` hears `granted`, `denied`, `missing`, `in_use`, `unsupported` and `unplugged`. */
export class Microphone {
  #wanted = false;
  #opening = null;
  track = null;

  constructor(on) {
    this.on = on;
  }

  /** Returns once it is open or cannot be. */
  open() {
    this.#wanted = true;
    if (this.track !== null) return Promise.resolve();
    this.#opening ??= this.#open().finally(() => { this.#opening = null; });
    return this.#opening;
  }

  close() {
    this.#wanted = false;
    this.track?.stop();
    this.track = null;
  }

  async #open() {
    if (navigator.mediaDevices?.getUserMedia === undefined) return this.on("unsupported");
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia(WANTED);
    } catch (error) {
      return this.on(FAULTS[error.name] ?? "missing");
    }
    const [track] = stream.getAudioTracks();
    if (!this.#wanted) track.stop();
    else this.#keep(track);
    return this.on("granted");
  }

  #keep(track) {
    this.track = track;
    track.onended = () => {
      this.track = null;
      this.on("unplugged");
    };
  }
}
