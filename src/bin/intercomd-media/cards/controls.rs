// SPDX-License-Identifier: MIT OR Apache-2.0
//! The mixer of a card: what it has, and how it is set.

use alsa::{
    Mixer,
    mixer::{Selem, SelemId},
};
use intercomd::media::{
    cards::{Controls, Direction, card_in},
    setup::{Control, Levels},
};

pub(super) fn of(id: &str) -> alsa::Result<Controls> {
    let mixer = Mixer::new(&format!("hw:CARD={id}"), true)?;
    Ok(Controls {
        capture: names(&mixer, Direction::Capture),
        playback: names(&mixer, Direction::Playback),
    })
}

fn names(mixer: &Mixer, direction: Direction) -> Vec<String> {
    let fits = |element: &Selem<'_>| match direction {
        Direction::Capture => element.can_capture(),
        Direction::Playback => element.can_playback(),
    };
    let elements = mixer.iter().filter_map(Selem::new).filter(fits);
    let ids = elements.map(|element| element.get_id()).filter(|id| id.get_index() == 0);
    ids.filter_map(|id| Some(id.get_name().ok()?.to_owned())).collect()
}

/// Sets the card of a PCM. What cannot be set is left as it is, and told in the log.
pub(crate) fn set(pcm: &str, direction: Direction, levels: &Levels) {
    let complain = |why: String| tracing::warn!(pcm, why, "sound card is not set as configured");
    if levels.is_empty() {
        return;
    }
    let _unheard = alsa::Output::local_error_handler();
    let name = card_in(pcm).map_or_else(|| pcm.to_owned(), |card| format!("hw:{card}"));
    // Without a control of its own, as a sound server has none, there is nothing to set.
    let mixer = match Mixer::new(&name, true) {
        Ok(mixer) => mixer,
        Err(error) => return complain(format!("it has no mixer: {error}")),
    };
    for (name, control) in levels {
        if let Err(why) = set_one(&mixer, direction, name, *control) {
            complain(why);
        }
    }
}

fn set_one(mixer: &Mixer, direction: Direction, name: &str, wanted: Control) -> Result<(), String> {
    let element = mixer.find_selem(&SelemId::new(name, 0));
    let unknown = || {
        format!("there is no {} control {name}; {}", direction.word(), there_is(mixer, direction))
    };
    let element = element.ok_or_else(unknown)?;
    let side = Side::of(&element, direction);
    let done = match wanted {
        Control::Switch(on) if side.has_switch => side.switch(on),
        Control::Switch(_) => return Err(format!("{name} is no switch; a percentage sets it")),
        Control::Percent(percent) if side.has_volume => {
            let on = if side.has_switch { side.switch(true) } else { Ok(()) };
            on.and_then(|()| side.volume(percent))
        }
        Control::Percent(_) if side.has_switch => {
            return Err(format!("{name} is a switch; true or false sets it"));
        }
        Control::Percent(_) => return Err(unknown()),
    };
    done.map_err(|error| format!("{name}: {error}"))
}

fn there_is(mixer: &Mixer, direction: Direction) -> String {
    match names(mixer, direction).as_slice() {
        [] => "there is none".to_owned(),
        names => format!("there is: {}", names.join(", ")),
    }
}

/// An element as one direction sees it.
struct Side<'e, 'm> {
    element: &'e Selem<'m>,
    direction: Direction,
    has_volume: bool,
    has_switch: bool,
}

impl<'e, 'm> Side<'e, 'm> {
    fn of(element: &'e Selem<'m>, direction: Direction) -> Self {
        let (has_volume, has_switch) = match direction {
            Direction::Capture => (element.has_capture_volume(), element.has_capture_switch()),
            Direction::Playback => (element.has_playback_volume(), element.has_playback_switch()),
        };
        Self { element, direction, has_volume, has_switch }
    }

    fn switch(&self, on: bool) -> alsa::Result<()> {
        match self.direction {
            Direction::Capture => self.element.set_capture_switch_all(on.into()),
            Direction::Playback => self.element.set_playback_switch_all(on.into()),
        }
    }

    fn volume(&self, percent: u8) -> alsa::Result<()> {
        match self.direction {
            Direction::Capture => {
                let value = part(self.element.get_capture_volume_range(), percent);
                self.element.set_capture_volume_all(value)
            }
            Direction::Playback => {
                let value = part(self.element.get_playback_volume_range(), percent);
                self.element.set_playback_volume_all(value)
            }
        }
    }
}

/// To the nearest step, as alsamixer shows it.
fn part((least, most): (i64, i64), percent: u8) -> i64 {
    least + ((most - least) * i64::from(percent) + 50) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_of_what_the_control_has() {
        assert_eq!([0, 1, 50, 100].map(|percent| part((0, 37), percent)), [0, 0, 19, 37]);
        assert_eq!([0, 50, 100].map(|percent| part((-100, 100), percent)), [-100, 0, 100]);
        assert_eq!(part((5, 5), 30), 5);
    }
}
