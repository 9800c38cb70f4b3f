# SPDX-License-Identifier: MIT OR Apache-2.0
"""The pins of the boards and the sound cards, held to the examples and to what the daemon knows."""

import re
import tomllib
import unittest

from boards import DOOR, EXAMPLES, HW, boards, check_config, headers, lines, outputs_and_inputs, with_all_parts

PI = "raspberry_pi"


def pi_config(doors: str) -> str:
    return f'[panel]\nboard = "{PI}"\n{doors}'


class Boards(unittest.TestCase):
    def test_the_boards_of_the_page_are_there(self):
        self.assertEqual(len(boards()), 6)
        self.assertEqual(sum(board.config_board() == PI for board in boards()), 5)

    def test_a_pin_is_described_once(self):
        for name, header in headers().items():
            described = list(header.pins.values())
            supplied = [str(pin) for pins in header.supply.values() for pin in pins]
            for what in ([pin.line for pin in described], supplied + list(header.pins)):
                self.assertEqual(len(what), len(set(what)), name)
            self.assertLessEqual({pin.at_power_on for pin in described}, {"high", "low"})

    def test_the_header_of_a_pi_has_forty_pins(self):
        header = headers()["header_40"]
        numbers = list(header.pins) + [str(pin) for pins in header.supply.values() for pin in pins]
        self.assertEqual(sorted(map(int, numbers)), list(range(1, 41)))
        self.assertEqual(sorted(pin.offset for pin in header.pins.values()), list(range(28)))

    def test_the_daemon_warns_of_those_relays_that_power_on_would_drive(self):
        pins = {pin.line: pin for pin in headers()["header_40"].pins.values()}
        names = [line for line in pins if line.startswith("GPIO")]
        for active in ("high", "low"):
            doors = "".join(
                f'[doors.d{number}]\nrelay = {{ line = "{name}", active = "{active}" }}\n'
                for number, name in enumerate(names)
            )
            status, said = check_config(pi_config(doors))
            self.assertEqual(status, 0, said)
            warned = {name for name in names if any(f": {name} pulls" in line for line in said)}
            self.assertEqual(warned, {name for name in names if pins[name].at_power_on == active}, active)


class Sound(unittest.TestCase):
    def test_each_card_has_settings_that_the_daemon_takes(self):
        cards = {path.stem: path.read_text() for path in (HW / "sound").glob("*.toml")}
        self.assertEqual(set(cards), {"usb", "wm8960"})
        for name, text in cards.items():
            with self.subTest(card=name):
                status, said = check_config(text)
                self.assertEqual((status, len(said)), (0, 1), said)
                self.assertTrue(said[0].endswith(": no problems"), said)
                audio = tomllib.loads(text)["audio"]
                self.assertEqual(audio["capture"], audio["playback"], "two cards are two clocks")

    def test_the_codec_is_called_as_its_overlay_calls_it(self):
        overlay = (HW / "overlays/intercom-wm8960.dts").read_text()
        name = re.search(r'simple-audio-card,name = "(\w+)"', overlay)[1]
        self.assertIn(f"CARD={name}", (HW / "sound/wm8960.toml").read_text())


class Examples(unittest.TestCase):
    def test_all_are_for_a_pi_or_have_an_overlay_that_names_their_lines(self):
        others = {path.name for path in EXAMPLES.glob("*.toml") if f'"{PI}"' not in path.read_text()}
        self.assertEqual(others, {"four_flat_panel.toml"})

    def test_those_for_a_pi_use_free_pins_and_safe_relays_on_each_pi(self):
        for path in EXAMPLES.glob("*.toml"):
            config = tomllib.loads(with_all_parts(path.read_text()))
            if config["panel"].get("board") == PI:
                for board in boards():
                    if board.config_board() == PI:
                        with self.subTest(example=path.name, board=board.name):
                            self.use(board, config)

    def use(self, board, config):
        self.assertIn(config["panel"]["backend"], board.facts["backends"])
        for function, one in outputs_and_inputs(config):
            if one["line"] != "none":
                pin = board.header.on(one["line"])
                self.assertIsNone(pin.reserved, function)
                self.assertEqual(pin.line, pin.debian, "the kernel of Debian calls it otherwise")
                if function.endswith(".relay"):
                    self.assertNotEqual(pin.at_power_on, one.get("active", "high"), function)

    def test_each_header_has_free_pins_and_a_safe_relay_for_the_one_button_door(self):
        example = lines(tomllib.loads(with_all_parts(DOOR.read_text())))
        for name, header in headers().items():
            self.assertEqual(set(header.door), set(example), name)
            self.assertEqual(len(set(header.door.values())), len(example), name)
            self.assertEqual([pin.line for pin in header.door.values() if pin.reserved], [], name)
            self.assertEqual(header.door["doors.front.relay"].at_power_on, "low", name)

    def test_the_one_button_door_has_the_pins_of_the_40_pin_header(self):
        example = lines(tomllib.loads(with_all_parts(DOOR.read_text())))
        self.assertEqual(example, {what: pin.line for what, pin in headers()["header_40"].door.items()})

    def test_the_one_button_door_is_good_with_and_without_the_parts_that_may_be_added(self):
        for text in (DOOR.read_text(), with_all_parts(DOOR.read_text())):
            status, said = check_config(text)
            self.assertEqual((status, len(said)), (0, 1), said)
        self.assertGreater(len(lines(tomllib.loads(with_all_parts(DOOR.read_text())))), 3)

    def test_the_one_button_door_is_good_with_the_lines_of_each_header(self):
        for name, header in headers().items():
            text = with_all_parts(DOOR.read_text()).replace(f'board = "{PI}"\n', "")
            for function, pin in headers()["header_40"].door.items():
                text = text.replace(f'"{pin.line}"', f'"{header.door[function].line}"')
            self.assertEqual(lines(tomllib.loads(text)), {what: pin.line for what, pin in header.door.items()})
            self.assertEqual(check_config(text)[0], 0, name)


if __name__ == "__main__":
    unittest.main()
