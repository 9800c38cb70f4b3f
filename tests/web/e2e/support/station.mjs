// SPDX-License-Identifier: MIT OR Apache-2.0
// The real daemon, as `intercomd demo` runs it, with sounds that can be told apart.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { Loudspeaker } from "./sound.mjs";
import { until } from "./wait.mjs";

const ROOT = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../../../..");
const BINARIES = resolve(ROOT, process.env.INTERCOMD_BINARIES ?? "target/debug");
const DAEMON = join(BINARIES, "intercomd");

/** What the microphone at the door picks up. */
export const STATION_TONE = 440;

const config = ({ home, port, codecs }) => `
[station]
name = "Test door"

[store]
directory = "${home}/state"

[bus]
address = "none"

[link]
listen = "http://127.0.0.1:${port}"

[audio]
capture = "tone:${STATION_TONE}"
playback = "file:${home}/loudspeaker.raw"
meter = true

[video]
source = "pattern"
width = 320
height = 240
fps = 15
codecs = ${JSON.stringify(codecs)}

[panel]
backend = "sim"

[tamper]

[buttons.bell]
label = "Bell"
max_presses = 100
press = { idle = "call:home", calling = "nudge", ringing = "accept", ongoing = "nothing" }

[buttons.end]
label = "End"
press = { idle = "nothing", calling = "cancel", ringing = "reject", ongoing = "hang_up" }

[lights.call]
shows = { activated = "blink_fast", ringing = "blink", connected = "on", failed = "triple_flash" }

[lights.door]
shows = { door_open = "on" }

[doors.front]
label = "Front door"
relay = {}
pulse_ms = 1000
contact = {}
exit_button = {}

[contacts.home]
label = "Home"
ring = [{ handsets = "all", for_s = 45 }]
`;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

export class Station {
  /** Stops and tidies up when the test is over. */
  static async start(test, { codecs = ["vp8", "h264"] } = {}) {
    const station = await Station.#prepare(test);
    station.codecs = codecs;
    await writeFile(join(station.home, "intercomd.toml"), config(station));
    await station.run();
    return station;
  }

  /** As a newcomer meets it: nothing but what it prints. */
  static async demo(test) {
    const station = await Station.#prepare(test);
    await station.run([]);
    return station;
  }

  static async #prepare(test) {
    const station = new Station(await mkdtemp(join(tmpdir(), "intercomd-web-")), await freePort());
    test.after(() => station.leave());
    return station;
  }

  constructor(home, port) {
    this.home = home;
    this.port = port;
    this.loudspeaker = new Loudspeaker(join(home, "loudspeaker.raw"));
    /** Of the daemon and of its workers. */
    this.log = "";
    this.said = "";
  }

  async run(settings = ["--config", join(this.home, "intercomd.toml"), "--log", "debug"]) {
    const { RUST_LOG, ...environment } = process.env;
    const daemon = spawn(DAEMON, ["demo", "--bus", "none", ...settings], {
      env: { ...environment, TMPDIR: this.home },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.daemon = daemon;
    this.said = "";
    daemon.stdout.setEncoding("utf8").on("data", (text) => (this.said += text));
    daemon.stderr.setEncoding("utf8").on("data", (text) => (this.log += text));
    this.panel = await until("the panel's address", () => {
      if (daemon.exitCode !== null) throw new Error(`the daemon ended:\n${this.log}`);
      return /At the door: +(http:\S+)/.exec(this.said)?.[1];
    });
  }

  async kill() {
    const ended = once(this.daemon, "exit");
    this.daemon.kill("SIGKILL");
    await ended;
  }

  async leave() {
    if (this.daemon.exitCode === null && this.daemon.signalCode === null) {
      const ended = once(this.daemon, "exit");
      this.daemon.kill("SIGTERM");
      await ended;
    }
    if (process.env.KEEP_LOG) await writeFile(process.env.KEEP_LOG, this.log);
    await rm(this.home, { recursive: true, force: true });
  }

  /** The process ids of the media workers that this daemon started. */
  async workers() {
    const found = [];
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      const [, name, state, parent] = /^\d+ \((.*)\) (\S) (\d+)/.exec(status) ?? [];
      if (name?.startsWith("intercomd-media") && state !== "Z" && Number(parent) === this.daemon.pid) {
        found.push(Number(pid));
      }
    }
    return found;
  }
}
