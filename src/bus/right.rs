// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a local program may be allowed to do.

use std::collections::BTreeSet;

use crate::core::profile::{Action, Actions};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    Observe,
    Call,
    Answer,
    OpenDoor,
    Pair,
    Configure,
}

impl Right {
    #[must_use]
    pub const fn polkit_action(self) -> &'static str {
        match self {
            Self::Observe => "org.intercomd1.observe",
            Self::Call => "org.intercomd1.call",
            Self::Answer => "org.intercomd1.answer",
            Self::OpenDoor => "org.intercomd1.open-door",
            Self::Pair => "org.intercomd1.pair",
            Self::Configure => "org.intercomd1.configure",
        }
    }

    fn of_action(action: &Action) -> Option<Self> {
        match action {
            Action::Nothing => None,
            Action::Call(_) | Action::HangUp | Action::Nudge => Some(Self::Call),
            Action::Accept | Action::Reject | Action::Silence | Action::ToggleMute => {
                Some(Self::Answer)
            }
            Action::OpenDoor(_) => Some(Self::OpenDoor),
            Action::OpenPairing => Some(Self::Pair),
            Action::ToggleDoNotDisturb => Some(Self::Configure),
        }
    }

    /// Every right that a gesture might use. Which action it will be is only known when it is
    /// carried out, so a program that may call must not open a door by pressing a button.
    #[must_use]
    pub fn of_gesture(actions: &Actions) -> BTreeSet<Self> {
        let Actions { idle, calling, ringing, ongoing } = actions;
        [idle, calling, ringing, ongoing]
            .into_iter()
            .filter_map(Self::of_action)
            .chain([Self::Call])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_that_may_open_a_door_needs_the_right_to_open_doors() {
        let actions = Actions {
            idle: Action::Call("hall".parse().unwrap()),
            calling: Action::Nothing,
            ringing: Action::Accept,
            ongoing: Action::OpenDoor("front".parse().unwrap()),
        };
        assert_eq!(
            Right::of_gesture(&actions),
            BTreeSet::from([Right::Call, Right::Answer, Right::OpenDoor])
        );
    }

    #[test]
    fn a_button_that_does_nothing_still_needs_the_right_to_call() {
        let nothing = Action::Nothing;
        let actions = Actions {
            idle: nothing.clone(),
            calling: nothing.clone(),
            ringing: nothing.clone(),
            ongoing: nothing,
        };
        assert_eq!(Right::of_gesture(&actions), BTreeSet::from([Right::Call]));
    }
}
