# SPDX-License-Identifier: MIT OR Apache-2.0
"""The page and its drawings, held to the boards."""

import re
import subprocess
import tomllib
import unittest
from pathlib import Path
from xml.etree import ElementTree

import tables
from boards import CTL, DOOR, HW, check_config, headers, with_all_parts

SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = sorted((HW / "wiring").glob("*.svg"))
PART = re.compile(r"\b([ACDFHKQRSUY]\d|RV\d)\b")


def said(drawing) -> list[str]:
    """Every text of a drawing."""
    return ["".join(text.itertext()) for text in ElementTree.parse(drawing).iter(f"{SVG}text")]


class Page(unittest.TestCase):
    def setUp(self):
        self.page = tables.PAGE.read_text()

    def test_its_tables_are_those_of_the_boards(self):
        self.assertEqual(self.page, tables.filled(self.page), "`tests/hw/run tables` writes them anew")

    def test_its_links_lead_somewhere(self):
        for link in re.findall(r"\]\(([^)#]+)\)", self.page):
            self.assertTrue((HW / link).exists(), link)
        titles = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.*)$", self.page, re.M)}
        for anchor in re.findall(r"\]\(#([^)]+)\)", self.page):
            self.assertIn(anchor, titles)

    def test_what_it_quotes_is_said_by_the_programs(self):
        spoken = "\n".join(path.read_text() for path in [*Path("src").rglob("*.rs"), *Path("tests/golden").rglob("*.txt")])
        quoted = re.findall(r"(?:doctor|check-config|log): `([^`…]+)", self.page)
        self.assertGreater(len(quoted), 4)
        for words in [*quoted, "a relay falls back when its driver dies", "the station answers", "no problems"]:
            self.assertIn(words.strip(), spoken)

    def test_the_commands_on_it_exist(self):
        verbs = set(re.findall(r"intercomctl ([a-z-]+)", self.page))
        self.assertGreater(len(verbs), 6)
        for verb in verbs:
            subprocess.run([CTL, verb, "--help"], check=True, capture_output=True)
        for properties in ("Presses", "Glitches", "ShortPress", "StateChanged"):
            self.assertIn(f'"{properties}"', Path("config/dbus/org.intercomd1.xml").read_text())

    def test_each_part_of_the_drawings_is_on_it(self):
        drawn = {part for drawing in DRAWINGS for text in said(drawing) for part in PART.findall(text)}
        self.assertGreater(len(drawn), 20)
        self.assertEqual(drawn - set(PART.findall(self.page)), set())

    def test_the_parts_to_buy_have_the_values_of_the_drawing(self):
        drawn = " ".join(said(HW / "wiring/one-button-door.svg")).replace(" TVS 5 V", "")
        bought = dict(re.findall(r"^\| ([RCDQ]\d) \| ([\w.]+(?: [kn]?[ΩF])?)", self.page, re.M))
        for part, value in bought.items():
            self.assertIn(f"{part} {value}", drawn)
        self.assertEqual(set(bought), {"R1", "R2", "R3", "R4", "R5", "R6", "C1", "D1", "D2", "D3", "D4", "Q1"})

    def test_a_relay_of_its_own_and_one_on_a_module_rest_from_power_on(self):
        header, door = headers()["header_40"], with_all_parts(DOOR.read_text())
        usual = 'relay = { line = "GPIO17" }'
        (module,) = re.findall(r"^```toml\n(relay = .*)\n```$", self.page, re.M)
        by_firmware = dict(re.findall(r"gpio=(\d+)=op,d([hl])", self.page))
        for relay in (usual, module):
            self.assertIn(usual, door)
            status, said_of_it = check_config(door.replace(usual, relay))
            self.assertEqual((status, len(said_of_it)), (0, 1), said_of_it)
            output = tomllib.loads(relay)["relay"]
            pin, rest = header.on(output["line"]), {"high": "low", "low": "high"}[output.get("active", "high")]
            self.assertIsNone(pin.reserved)
            self.assertEqual(pin.at_power_on, rest)
            self.assertEqual(by_firmware.pop(str(pin.offset)), rest[0])
        self.assertEqual(by_firmware, {})
        drawn = " ".join(said(HW / "wiring/relay-module.svg"))
        self.assertIn(f"{module} and gpio={pin.offset}=op,d{rest[0]}", drawn)
        self.assertIn(f"{pin.line} pin {pin.number}", drawn)


class Drawings(unittest.TestCase):
    def test_each_is_on_white_and_needs_nothing_from_elsewhere(self):
        self.assertEqual(len(DRAWINGS), 5)
        for drawing in DRAWINGS:
            root = ElementTree.parse(drawing).getroot()
            size = root.get("viewBox").split()[2:]
            paper = root.find(f"{SVG}rect")
            self.assertEqual([paper.get("width"), paper.get("height"), paper.get("fill")], [*size, "#fff"])
            self.assertEqual([root.get("width"), root.get("height")], size)
            self.assertEqual([one.tag for one in root.iter() if one.tag in (f"{SVG}image", f"{SVG}script")], [])
            self.assertTrue(all(one.get("href", "#").startswith("#") for one in root.iter()))

    def test_every_pin_in_them_is_where_the_header_has_it(self):
        header = headers()["header_40"]
        where = {(pin.line, pin.number) for pin in header.pins.values()}
        where |= {(name, str(pin)) for name, pins in header.supply.items() for pin in pins}
        for drawing in DRAWINGS:
            pins = set(re.findall(r"^(\w+) pin (\w+)$", "\n".join(said(drawing)), re.M))
            self.assertEqual(pins - where, set(), drawing.name)

    def test_the_one_button_door_has_each_of_its_pins(self):
        text = said(HW / "wiring/one-button-door.svg")
        drawn = {text.count(f"{pin.line} pin {pin.number}") for pin in headers()["header_40"].door.values()}
        self.assertEqual(drawn, {1})


if __name__ == "__main__":
    unittest.main()
