// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is known of a board's pins before any of them is touched.

use crate::panel::wiring::{Electrical, Line};

/// The highest BCM number on the header of a Raspberry Pi.
pub(super) const BCM_MAX: u8 = 27;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Board {
    RaspberryPi,
}

impl Board {
    pub(super) const ALL: &[Self] = &[Self::RaspberryPi];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::RaspberryPi => "raspberry_pi",
        }
    }
}

/// A line under one name, however the file writes it.
pub(super) fn canonical(line: &Line, board: Option<Board>) -> Line {
    if let (Some(Board::RaspberryPi), Some(number)) = (board, bcm(line)) {
        return Line::Bcm(number);
    }
    match line {
        Line::Offset { chip, offset } => {
            let chip = chip.strip_prefix("/dev/").unwrap_or(chip).to_owned();
            Line::Offset { chip, offset: *offset }
        }
        Line::Named(_) | Line::Bcm(_) => line.clone(),
    }
}

/// The labels of the chips that drive the header of a Pi up to 3, 4 and 5, and where they are.
const HEADER_CHIPS: [&str; 5] =
    ["pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1", "gpiochip0", "/dev/gpiochip0"];

fn bcm(line: &Line) -> Option<u8> {
    let number = match line {
        Line::Bcm(number) => Some(*number),
        Line::Named(name) => name.strip_prefix("GPIO")?.parse().ok(),
        Line::Offset { chip, offset } if HEADER_CHIPS.contains(&chip.as_str()) => {
            u8::try_from(*offset).ok()
        }
        Line::Offset { .. } => None,
    };
    number.filter(|number| *number <= BCM_MAX)
}

/// The level of a pin from power-on until somebody requests its line. The BCM283x peripherals
/// manual gives it as "Pull": up for GPIO0 to GPIO8, down for the others of the header.
pub(super) fn level_at_boot(line: &Line, board: Option<Board>) -> Option<Electrical> {
    match board? {
        Board::RaspberryPi => {
            Some(if bcm(line)? <= 8 { Electrical::High } else { Electrical::Low })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(chip: &str, offset: u32) -> Line {
        Line::Offset { chip: chip.to_owned(), offset }
    }

    #[test]
    fn a_pin_of_the_pi_is_the_same_pin_however_it_is_written() {
        let pi = Some(Board::RaspberryPi);
        for line in [Line::Bcm(17), Line::Named("GPIO17".to_owned()), on("pinctrl-rp1", 17)] {
            assert_eq!(canonical(&line, pi), Line::Bcm(17));
        }
        assert_eq!(canonical(&on("expander", 17), pi), on("expander", 17));
        assert_eq!(canonical(&Line::Named("GPIO17".to_owned()), None).to_string(), "GPIO17");
    }

    #[test]
    fn a_chip_is_the_same_by_name_and_by_path() {
        assert_eq!(canonical(&on("/dev/gpiochip3", 1), None), on("gpiochip3", 1));
    }

    #[test]
    fn only_the_first_nine_pins_of_the_pi_are_high_at_boot() {
        let pi = Some(Board::RaspberryPi);
        assert_eq!(level_at_boot(&Line::Bcm(8), pi), Some(Electrical::High));
        assert_eq!(level_at_boot(&Line::Bcm(9), pi), Some(Electrical::Low));
        assert_eq!(level_at_boot(&Line::Named("RELAY".to_owned()), pi), None);
        assert_eq!(level_at_boot(&Line::Bcm(8), None), None);
    }
}
