# SPDX-License-Identifier: MIT OR Apache-2.0
"""The overlays: they compile, apply, and set what the examples need."""

import subprocess
import tempfile
import tomllib
import unittest
from pathlib import Path

from boards import DOOR, EXAMPLES, HW, headers, lines, outputs_and_inputs, with_all_parts

GPIO = "/soc/gpio@7e200000"
FOUR_FLATS = EXAMPLES / "four_flat_panel.toml"


def run(*command) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode or done.stderr:
        raise AssertionError(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done.stdout


class Tree:
    """A board with an overlay."""

    def __init__(self, directory: Path, overlay: Path):
        base, made, self.file = (directory / name for name in ("base.dtb", "overlay.dtbo", "board.dtb"))
        run("dtc", "-@", "-I", "dts", "-O", "dtb", "-o", base, "tests/hw/base.dts")
        run("dtc", "-@", "-I", "dts", "-O", "dtb", "-o", made, overlay)
        run("fdtoverlay", "-i", base, "-o", self.file, made)

    def text(self, node: str, key: str) -> str:
        return run("fdtget", "-ts", self.file, node, key).strip()

    def words(self, node: str, key: str) -> list[str]:
        # fdtget separates strings by blanks; none of ours has one.
        return self.text(node, key).split()

    def numbers(self, node: str, key: str) -> list[int]:
        return [int(cell) for cell in run("fdtget", "-ti", self.file, node, key).split()]

    def below(self, node: str) -> list[str]:
        return run("fdtget", "-l", self.file, node).split()

    def source(self) -> str:
        return run("dtc", "-q", "-I", "dtb", "-O", "dts", self.file)

    def pins(self) -> dict[int, set[str]]:
        """What each pin is set to."""
        states = [f"{GPIO}/{name}" for name in self.below(GPIO)]
        return {
            int(pin.removeprefix("gpio")): {self.text(state, "function"), *self.flags(state)}
            for state in states
            for pin in self.words(state, "pins")
        }

    def flags(self, state: str) -> set[str]:
        return set(run("fdtget", "-p", self.file, state).split()) - {"pins", "function", "phandle", "name"}


class Overlays(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def tree(self, name: str) -> Tree:
        return Tree(self.directory, HW / "overlays" / f"intercom-{name}.dts")

    def test_each_compiles_without_a_warning_and_applies(self):
        overlays = sorted((HW / "overlays").glob("*.dts"))
        self.assertEqual(len(overlays), 4)
        for overlay in overlays:
            with self.subTest(overlay=overlay.name):
                Tree(self.directory, overlay)

    def test_the_panels_leave_every_line_to_the_daemon(self):
        for name in ("one-button", "four-flats"):
            for claims in ("gpio-hog", "gpio-keys", "gpio-leds"):
                self.assertNotIn(claims, self.tree(name).source())

    def test_the_one_button_door_gets_its_pins_at_rest(self):
        config = tomllib.loads(with_all_parts(DOOR.read_text()))
        names = {pin.line: pin.offset for pin in headers()["header_40"].pins.values()}
        self.rests(self.tree("one-button"), config, names)

    def test_the_four_flats_get_their_names_and_their_pins_at_rest(self):
        tree, config = self.tree("four-flats"), tomllib.loads(FOUR_FLATS.read_text())
        named = tree.words(GPIO, "gpio-line-names")
        pins = {pin.offset: pin for pin in headers()["header_40"].pins.values()}
        names = {name: offset for offset, name in enumerate(named)}
        self.assertEqual(len(named), 28)
        self.assertEqual([names[line] for line in lines(config).values() if pins[names[line]].reserved], [])
        relay = config["doors"]["house"]["relay"]
        self.assertNotEqual(pins[names[relay["line"]]].at_power_on, relay["active"])
        self.rests(tree, config, names)

    def rests(self, tree: Tree, config: dict, offsets: dict[str, int]):
        """Outputs are inactive, inputs pulled to what means that nothing happened."""
        expected = {}
        for function, one in outputs_and_inputs(config):
            if function.startswith("lights.") or function.endswith(".relay"):
                high = one.get("active", "high") == "low"
                state = {"gpio_out", "output-high" if high else "output-low", "bias-pull-up" if high else "bias-pull-down"}
            else:
                state = {"gpio_in", "bias-pull-up"}
            expected[offsets[one["line"]]] = state
        self.assertEqual(tree.pins(), expected)

    def test_the_heartbeat_has_a_free_line_that_no_panel_uses(self):
        tree = self.tree("heartbeat")
        offset = tree.numbers("/intercom-heartbeat/led", "gpios")[1]
        header = headers()["header_40"]
        pin = next(pin for pin in header.pins.values() if pin.offset == offset)
        self.assertIsNone(pin.reserved)
        self.assertNotIn(pin, header.door.values())
        self.assertNotIn(offset, self.tree("four-flats").pins())

    def test_the_codec_clocks_a_card_of_one_name_in_both_directions(self):
        tree = self.tree("wm8960")
        codec = "/soc/i2c@7e804000/codec@1a"
        self.assertEqual(tree.text("/soc/i2s@7e203000", "status"), "okay")
        self.assertEqual(tree.text("/soc/i2c@7e804000", "status"), "okay")
        self.assertEqual(tree.numbers(codec, "reg"), [0x1A])
        card, end = "/intercom-sound", "/intercom-sound/simple-audio-card,codec"
        self.assertEqual(tree.text(card, "simple-audio-card,name"), "Intercom")
        clock = tree.numbers(end, "phandle")
        for master in ("bitclock-master", "frame-master"):
            self.assertEqual(tree.numbers(card, f"simple-audio-card,{master}"), clock)
        self.assertEqual(tree.numbers(end, "sound-dai"), tree.numbers(codec, "phandle"))
        self.assertEqual(tree.numbers(end, "clocks"), tree.numbers("/intercom-crystal", "phandle"))


if __name__ == "__main__":
    unittest.main()
