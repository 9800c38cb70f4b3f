// SPDX-License-Identifier: MIT OR Apache-2.0
// The sound of the bell: two struck notes, made here so that nothing has to be loaded.

const NOTES = [{ at: 0, hertz: 659.26 }, { at: 0.45, hertz: 523.25 }];
const PARTIALS = [{ times: 1, level: 1 }, { times: 2.76, level: 0.25 }, { times: 5.4, level: 0.08 }];
const LOUDNESS = 0.35;
const FADES_WITHIN = 1.6;
const EVERY = 2_600;

export class Ring {
  #cancel = null;

  constructor(audio, clock) {
    this.audio = audio;
    this.clock = clock;
  }

  get isOn() {
    return this.#cancel !== null;
  }

  start() {
    if (this.isOn) return;
    this.once();
    this.#cancel = this.clock.after(EVERY, () => {
      this.#cancel = null;
      this.start();
    });
  }

  stop() {
    this.#cancel?.();
    this.#cancel = null;
    vibrate(0);
  }

  once() {
    vibrate([200, 100, 200]);
    if (this.audio.state !== "running") return;
    for (const note of NOTES) this.#strike(note);
  }

  #strike({ at, hertz }) {
    const start = this.audio.currentTime + at;
    for (const { times, level } of PARTIALS) {
      const tone = this.audio.createOscillator();
      const loud = this.audio.createGain();
      tone.frequency.value = hertz * times;
      loud.gain.setValueAtTime(0, start);
      loud.gain.linearRampToValueAtTime(LOUDNESS * level, start + 0.008);
      loud.gain.exponentialRampToValueAtTime(0.0001, start + FADES_WITHIN / times);
      tone.connect(loud).connect(this.audio.destination);
      tone.start(start);
      tone.stop(start + FADES_WITHIN);
    }
  }
}

/** Where there is something to shake; Chrome complains about pages that nobody has touched. */
function vibrate(pattern) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(pattern);
}
