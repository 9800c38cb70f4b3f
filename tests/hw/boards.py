# SPDX-License-Identifier: MIT OR Apache-2.0
"""What hw/boards and the example configurations say."""

import os
import re
import subprocess
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

HW = Path("hw")
EXAMPLES = Path("config/examples")
DOOR = EXAMPLES / "one_button_door.toml"
CTL = Path(os.environ.get("INTERCOMD_BINARIES", "target/debug")) / "intercomctl"


@dataclass(frozen=True)
class Pin:
    number: str
    line: str
    offset: int | None
    at_power_on: str
    reserved: str | None
    debian: str


@dataclass(frozen=True)
class Header:
    pins: dict[str, Pin]
    supply: dict[str, list]
    door: dict[str, Pin]
    """The pins of the one-button door, by function."""

    def on(self, line: str) -> Pin:
        return next(pin for pin in self.pins.values() if pin.line == line)


@dataclass(frozen=True)
class Board:
    name: str
    header: Header
    facts: dict

    def config_board(self) -> str | None:
        return self.facts.get("config_board")


def headers() -> dict[str, Header]:
    return {path.stem: read_header(path) for path in sorted((HW / "boards").glob("header_*.toml"))}


def read_header(path: Path) -> Header:
    text = tomllib.loads(path.read_text())
    pins = {number: read_pin(number, **pin) for number, pin in text["pins"].items()}
    door = {function: pins[str(number)] for function, number in text["one_button_door"].items()}
    return Header(pins, text["supply"], door)


def read_pin(number, line, at_power_on, offset=None, reserved=None, debian=None) -> Pin:
    bcm = re.fullmatch(r"GPIO(\d+)", line)
    return Pin(number, line, int(bcm[1]) if bcm else offset, at_power_on, reserved, debian or line)


def boards() -> list[Board]:
    known = headers()
    files = [path for path in (HW / "boards").glob("*.toml") if not path.stem.startswith("header_")]
    texts = [tomllib.loads(path.read_text()) for path in sorted(files)]
    found = [Board(text["name"], known[text["header"]], text) for text in texts]
    return sorted(found, key=lambda board: (board.config_board() is None, board.name))


def with_all_parts(text: str) -> str:
    """An example together with the parts that it leaves for the reader to add."""
    return re.sub(r"^#(?=[a-z\[])", "", text, flags=re.MULTILINE)


def outputs_and_inputs(config: dict):
    """Each function that has a line, with what the file says of it."""
    for table in ("buttons", "lights"):
        for name, one in config.get(table, {}).items():
            yield f"{table}.{name}", one
    for name, door in config.get("doors", {}).items():
        for part in ("relay", "contact", "exit_button"):
            if part in door:
                yield f"doors.{name}.{part}", door[part]
    if "tamper" in config:
        yield "tamper", config["tamper"]


def lines(config: dict) -> dict:
    """What is on which line, but for buttons and lights of a screen."""
    wired = ((function, one["line"]) for function, one in outputs_and_inputs(config))
    return {function: line for function, line in wired if line != "none"}


def check_config(text: str) -> tuple[int, list[str]]:
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(text)
        file.flush()
        done = subprocess.run([CTL, "check-config", file.name], capture_output=True, text=True)
    return done.returncode, (done.stdout + done.stderr).splitlines()
