// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the station hands to the bus: its state, and what happened lately. It goes through a
//! watch channel, so readers may skip values; the tail of notices lets them catch up.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use super::right::Right;
use crate::{
    core::{
        ButtonName, CallId, HandsetId, LegId, Profile, Snapshot, effect::Signal, status::MediaState,
    },
    link::Waking,
    media::{EchoFigures, LoopTested, Reception},
};

const NOTICES_KEPT: usize = 256;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    pub configured: Arc<Configured>,
    pub snapshot: Arc<Snapshot>,
    /// Legs whose certificate is the one that the handset signed for, and how well they come
    /// through, as soon as that is known.
    pub heard: BTreeMap<LegId, Option<Reception>>,
    /// In the call that the station is in.
    pub echo: Option<EchoFigures>,
    pub loop_tested: Option<LoopTested>,
    /// Frames of handsets, or of others, that the link refused, by code.
    pub refused: Arc<BTreeMap<&'static str, u64>>,
    /// Handsets that registered for pushes, or did.
    pub wakings: Arc<BTreeMap<HandsetId, Waking>>,
    /// Grows by one with every value published.
    revision: u64,
    /// The number of the newest notice, 0 before the first.
    last_notice: u64,
    notices: VecDeque<Arc<Notice>>,
}

/// Something that a client hears besides changed properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    Core(Signal),
    /// Without problems the new configuration was taken.
    ConfigurationReloaded {
        problems: Vec<String>,
    },
}

/// What the bus needs to know of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configured {
    name: String,
    buttons: BTreeMap<ButtonName, GestureRights>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct GestureRights {
    press: BTreeSet<Right>,
    hold: BTreeSet<Right>,
}

impl Configured {
    /// `name` is what people call the station.
    #[must_use]
    pub fn new(name: &str, profile: &Profile) -> Self {
        let buttons = profile.buttons.iter().map(|(name, button)| {
            let hold = button.hold.as_ref().map(|hold| Right::of_gesture(&hold.actions));
            let rights = GestureRights {
                press: Right::of_gesture(&button.press),
                hold: hold.unwrap_or_default(),
            };
            (name.clone(), rights)
        });
        Self { name: name.to_owned(), buttons: buttons.collect() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn rights_to_press(&self, button: &ButtonName) -> BTreeSet<Right> {
        self.rights(button, |gestures| &gestures.press)
    }

    pub(super) fn rights_to_hold(&self, button: &ButtonName) -> BTreeSet<Right> {
        self.rights(button, |gestures| &gestures.hold)
    }

    fn rights(
        &self,
        button: &ButtonName,
        of: impl Fn(&GestureRights) -> &BTreeSet<Right>,
    ) -> BTreeSet<Right> {
        let mut rights = self.buttons.get(button).map(|g| of(g).clone()).unwrap_or_default();
        rights.insert(Right::Call);
        rights
    }
}

impl Published {
    #[must_use]
    pub fn new(configured: Arc<Configured>, snapshot: impl Into<Arc<Snapshot>>) -> Self {
        Self { configured, snapshot: snapshot.into(), ..Self::default() }
    }

    /// The next value to publish: `notices` are what happened since this one, in order.
    #[must_use]
    pub fn followed_by(
        &self,
        snapshot: impl Into<Arc<Snapshot>>,
        notices: impl IntoIterator<Item = Notice>,
    ) -> Self {
        let mut next = Self {
            configured: Arc::clone(&self.configured),
            snapshot: snapshot.into(),
            heard: self.heard.clone(),
            echo: self.echo,
            loop_tested: self.loop_tested,
            refused: Arc::clone(&self.refused),
            wakings: Arc::clone(&self.wakings),
            revision: self.revision + 1,
            last_notice: self.last_notice,
            notices: self.notices.clone(),
        };
        for notice in notices {
            next.last_notice += 1;
            next.notices.push_back(Arc::new(notice));
            if next.notices.len() > NOTICES_KEPT {
                next.notices.pop_front();
            }
        }
        next
    }

    /// The same with another configuration, for a value that was not published yet.
    #[must_use]
    pub fn reconfigured(self, configured: Arc<Configured>) -> Self {
        Self { configured, ..self }
    }

    /// The same with other legs heard, for a value that was not published yet.
    #[must_use]
    pub fn hearing(
        self,
        heard: BTreeMap<LegId, Option<Reception>>,
        echo: Option<EchoFigures>,
    ) -> Self {
        Self { heard, echo, ..self }
    }

    /// The same after another loop test, for a value that was not published yet.
    #[must_use]
    pub fn tested(self, loop_tested: Option<LoopTested>) -> Self {
        Self { loop_tested, ..self }
    }

    /// Sound and pictures of the call go to nobody but the handset that is in it.
    pub(super) fn is_encrypted(&self, call: CallId) -> bool {
        self.handset_in(call).is_some()
    }

    /// How well that handset comes through, as soon as it is known.
    pub(super) fn reception(&self, call: CallId) -> Option<Reception> {
        *self.handset_in(call)?
    }

    /// What becomes of what that handset says, as far as it is known.
    pub(super) fn echo(&self, call: CallId) -> Option<EchoFigures> {
        self.echo.filter(|_| self.is_encrypted(call))
    }

    fn handset_in(&self, call: CallId) -> Option<&Option<Reception>> {
        let view = self.snapshot.calls.get(&call)?;
        let handset = view.handset.clone().filter(|_| view.media_state == MediaState::Connected)?;
        self.heard.get(&LegId { call, handset })
    }

    /// The same with other counters, for a value that was not published yet.
    #[must_use]
    pub fn counting(self, refused: BTreeMap<&'static str, u64>) -> Self {
        Self { refused: Arc::new(refused), ..self }
    }

    /// The same with what is known of one handset, for a value that was not published yet.
    #[must_use]
    pub fn waking(mut self, handset: &HandsetId, waking: Waking) -> Self {
        let wakings = Arc::make_mut(&mut self.wakings);
        if waking == Waking::default() {
            wakings.remove(handset);
        } else {
            wakings.insert(handset.clone(), waking);
        }
        self
    }

    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// What happened after `earlier`, in order.
    pub(super) fn notices_since<'a>(
        &'a self,
        earlier: &Self,
    ) -> impl Iterator<Item = &'a Notice> + use<'a> {
        let new = usize::try_from(self.last_notice.saturating_sub(earlier.last_notice));
        let known = self.notices.len().saturating_sub(new.unwrap_or(usize::MAX));
        self.notices.iter().skip(known).map(AsRef::as_ref)
    }

    /// How many notices were dropped before a reader that knows `earlier` saw them.
    pub(super) fn missed_since(&self, earlier: &Self) -> u64 {
        let new = self.last_notice.saturating_sub(earlier.last_notice);
        new.saturating_sub(u64::try_from(self.notices.len()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(button: &str) -> Notice {
        Notice::Core(Signal::ButtonPressed { button: button.parse().unwrap() })
    }

    fn next(published: &Published, notices: &[Notice]) -> Published {
        published.followed_by(Snapshot::default(), notices.iter().cloned())
    }

    #[test]
    fn a_reader_that_skips_values_still_gets_every_notice_once_and_in_order() {
        let first = Published::default();
        let second = next(&first, &[pressed("one")]);
        let third = next(&second, &[pressed("two"), pressed("three")]);

        let all: Vec<_> = third.notices_since(&first).cloned().collect();
        assert_eq!(all, [pressed("one"), pressed("two"), pressed("three")]);
        let rest: Vec<_> = third.notices_since(&second).cloned().collect();
        assert_eq!(rest, [pressed("two"), pressed("three")]);
        assert_eq!(third.notices_since(&third).count(), 0);
        assert!(first.revision() < second.revision() && second.revision() < third.revision());
    }

    #[test]
    fn the_tail_of_notices_is_bounded_and_tells_what_was_missed() {
        let first = Published::default();
        let later = next(&first, &vec![pressed("one"); NOTICES_KEPT + 3]);
        assert_eq!(later.notices_since(&first).count(), NOTICES_KEPT);
        assert_eq!(later.missed_since(&first), 3);
        assert_eq!(later.missed_since(&later), 0);
    }
}
