# SPDX-License-Identifier: MIT OR Apache-2.0
"""The tables of hw/README.md that hw/boards makes. Run as a program, it writes them anew."""

import re
import tomllib

from boards import DOOR, HW, Board, Header, Pin, boards, headers, outputs_and_inputs, with_all_parts

PAGE = HW / "README.md"
PARTS = {
    "buttons.bell": "S1 bell",
    "lights.call": "H1 light",
    "doors.front.relay": "K1 relay, by Q1",
    "doors.front.contact": "S3 contact (may be added)",
    "doors.front.exit_button": "S2 exit button (may be added)",
    "tamper": "S4 tamper contact (may be added)",
}


def rows(head: list[str], body: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def door(header: Header) -> str:
    config = tomllib.loads(with_all_parts(DOOR.read_text()))
    keys = [function for function, _ in outputs_and_inputs(config)]
    body = [
        [PARTS[key], f"**{pin.number}**", f"`{pin.line}`", f"`{key}`", pin.at_power_on]
        for key, pin in ((key, header.door[key]) for key in keys)
    ]
    return rows(["part", "header pin", "line", "key in the configuration", "at power-on"], body)


def supply(header: Header) -> str:
    return "; ".join(f"{name} on {', '.join(map(str, pins))}" for name, pins in header.supply.items())


def power_on(header: Header) -> str:
    pins = sorted(header.pins.values(), key=lambda pin: pin.offset or 0)
    free = [pin for pin in pins if not pin.reserved]

    def said(pins: list[Pin]) -> str:
        return ", ".join(pin.line if pin.line == pin.number else f"{pin.line} ({pin.number})" for pin in pins)

    body = [
        ["**high**: not for an active-high relay", said([pin for pin in free if pin.at_power_on == "high"])],
        ["**low**: not for an active-low relay", said([pin for pin in free if pin.at_power_on == "low"])],
    ]
    for reason, level in dict.fromkeys((pin.reserved, pin.at_power_on) for pin in pins if pin.reserved):
        alike = [pin for pin in pins if (pin.reserved, pin.at_power_on) == (reason, level)]
        body.append([f"{level}, better left alone: {reason}", said(alike)])
    return rows(["at power-on", "pins"], [*body, ["supply", supply(header)]])


def all_boards(known: list[Board]) -> str:
    body = [
        [
            board.name,
            f"`{board.facts['chip']}`" if "chip" in board.facts else "several",
            board.facts["keeps_levels"],
            board.facts["supply"],
            board.facts["sound"],
            "; ".join(board.facts["quirks"]),
        ]
        for board in known
    ]
    head = ["board", "chip of the header", "a line keeps its level after its owner died", "supply", "sound", "beware"]
    return rows(head, body)


def tables() -> dict[str, str]:
    pi, beagle = headers()["header_40"], headers()["header_beaglebone"]
    return {
        "pins": door(pi),
        "pins of the BeagleBone": door(beagle),
        "power-on": power_on(pi),
        "power-on of the BeagleBone": power_on(beagle),
        "boards": all_boards(boards()),
    }


def filled(page: str) -> str:
    for name, table in tables().items():
        begin, end = f"<!-- {name}, by tests/hw/run tables -->", "<!-- end -->"
        pattern = re.escape(begin) + ".*?" + re.escape(end)
        page, found = re.subn(pattern, lambda _: f"{begin}\n{table}\n{end}", page, flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"{PAGE} has {found} places for the table of {name}")
    return page


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text()))
