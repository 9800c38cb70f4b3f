# SPDX-License-Identifier: MIT OR Apache-2.0
"""The daemon with a configuration, a state and a bus of its own."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from handset import PairingLink

from .bus import ROOT, SIMULATOR, STATION, Bus, options
from .played import Played
from .waiting import until

CONFIG = """
[log]
level = "{log}"
[bus]
address = "{bus}"
authorization = "policy"
[panel]
backend = "sim"
[call]
{call}
[buttons.bell]
press = {{ idle = "call:home", ongoing = "hang_up" }}
min_press_ms = 0
max_presses = 1000
per_s = 1
[lights.call]
shows = {{ ringing = "blink", connected = "on" }}
[doors.front]
label = "Front door"
relay = {{}}
[contacts.home]
handsets = "all"
[link]
listen = "{listen}"
[audio]
capture = "{capture}"
playback = "{playback}"
{audio}
[video]
{video}
{more}
"""


def binary(name):
    path = pathlib.Path(os.environ["INTERCOMD_BINARIES"], name)
    if not path.exists():
        raise FileNotFoundError(f"{path}: run `cargo build` first")
    return str(path.absolute())


class Station:
    """`where` is a network namespace for the daemon; `None` is our own."""

    def __init__(self, where=None, listen=None, capture="tone:440", playback=None, audio="",
                 video=True, call="", more=""):
        self.home = tempfile.mkdtemp(prefix="intercomd-peer-")
        self.where = where
        self.bus = Bus(self.home)
        self.played = Played(f"{self.home}/played")
        self._config = CONFIG.format(
            bus=self.bus.address,
            log=os.environ.get("PEER_LOG", "info"),
            listen=listen or "127.0.0.1:0",
            capture=capture,
            playback=playback or f"file:{self.home}/played",
            audio=audio,
            video='source = "pattern"' if video else 'source = "none"',
            call=call,
            more=more,
        )
        self._daemon = None

    async def start(self):
        config = f"{self.home}/intercomd.toml"
        pathlib.Path(config).write_text(self._config)
        command = [binary("intercomd"), "--config", config]
        with open(f"{self.home}/log", "ab") as log:
            self._daemon = subprocess.Popen(
                self.where.command(*command) if self.where else command,
                stderr=log,
                env=os.environ | self._environment(),
            )
        await self.bus.connect()
        await until(self._is_served, lambda: f"the station appears\n{self.log()}")
        return self

    def _environment(self):
        return {
            "STATE_DIRECTORY": self.home,
            "RUNTIME_DIRECTORY": self.home,
            "CACHE_DIRECTORY": self.home,
            "INTERCOMD_MEDIA": binary("intercomd-media"),
        }

    async def rename(self, name):
        text = f'[station]\nname = "{name}"\n{self._config}'
        pathlib.Path(self.home, "intercomd.toml").write_text(text)
        await self.bus.station("Reload")

    async def _is_served(self):
        if self._daemon.poll() is not None:
            raise AssertionError(f"the station ended\n{self.log()}")
        return await self.bus.has(STATION) and await self.bus.has(SIMULATOR)

    @property
    def pid(self):
        return self._daemon.pid

    def log(self):
        return pathlib.Path(self.home, "log").read_text(errors="replace")

    # What people at the station do.

    async def press(self, button="bell"):
        await self.bus.simulate("SetInput", "sb", f"buttons.{button}", True)
        await self.bus.simulate("SetInput", "sb", f"buttons.{button}", False)

    async def pairing_link(self, **given):
        [text, *_] = await self.bus.station("OpenPairing", "a{sv}", options(**given))
        return PairingLink.parse(text)

    async def hang_up(self):
        await self.bus.station("HangupAll")

    async def call(self, cid, name):
        return await self.bus.read(f"{ROOT}/calls/{cid}", f"{STATION}.Call", name)

    async def reception(self, cid):
        told = await self.call(cid, "Reception")
        return {key: value.value for key, value in told.items()}

    async def take(self, cid):
        """Somebody at the station takes a handset's call."""
        await self.bus.call(f"{ROOT}/calls/{cid}", f"{STATION}.Call", "Accept", "a{sv}", {})

    async def door(self, name, property_name):
        return await self.bus.read(f"{ROOT}/doors/{name}", f"{STATION}.Door", property_name)

    async def handsets(self):
        managed = "org.freedesktop.DBus.ObjectManager"
        [objects] = await self.bus.call(ROOT, managed, "GetManagedObjects")
        start = f"{ROOT}/handsets/"
        return [path.removeprefix(start) for path in objects if path.startswith(start)]

    async def remove(self, handset):
        await self.bus.call(f"{ROOT}/handsets/{handset}", f"{STATION}.Handset", "Remove")

    def is_alive(self):
        return self._daemon.poll() is None

    def _has_ended(self):
        return not self.is_alive()

    def kill(self):
        self._daemon.kill()
        self._daemon.wait()

    async def stop(self):
        try:
            if self._daemon is not None and self.is_alive():
                self._daemon.send_signal(signal.SIGTERM)
                await until(self._has_ended, lambda: f"the station ends\n{self.log()}", 10.0)
        finally:
            if self._daemon is not None:
                self.kill()
            self.bus.close()
            shutil.rmtree(self.home, ignore_errors=True)
