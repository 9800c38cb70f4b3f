// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a handset is woken: what it asked for, what the disk has of that, and how well it goes.

use crate::link::{LastPush, Waking, envelope::Mid, push::Subscription};

#[derive(Debug, Default)]
pub(super) struct Registration {
    /// As it was asked for last.
    push: Option<Subscription>,
    /// As the disk has it.
    kept: Option<Subscription>,
    /// The newest request, while the disk has not answered.
    asked: Option<Mid>,
    last: Option<LastPush>,
}

impl Registration {
    pub(super) fn new(push: Option<Subscription>) -> Self {
        Self { kept: push.clone(), push, asked: None, last: None }
    }

    pub(super) fn push(&self) -> Option<&Subscription> {
        self.push.as_ref()
    }

    pub(super) fn waking(&self) -> Waking {
        Waking { registered: self.push.is_some(), last: self.last }
    }

    /// There is nothing to do to have it so.
    pub(super) fn is(&self, push: Option<&Subscription>) -> bool {
        self.asked.is_none() && self.push() == push
    }

    pub(super) fn ask(&mut self, mid: Mid, push: Option<Subscription>) {
        (self.push, self.asked, self.last) = (push, Some(mid), None);
    }

    /// What an older request asked for changes nothing any more.
    pub(super) fn kept(&mut self, mid: Mid, push: Option<Subscription>, kept: bool) {
        if kept {
            self.kept = push;
        }
        if self.asked.take_if(|asked| *asked == mid).is_some() && !kept {
            self.push = self.kept.clone();
        }
    }

    /// False where it is registered otherwise by now.
    pub(super) fn tried(&mut self, push: &Subscription, last: LastPush) -> bool {
        let is_it = self.push() == Some(push);
        if is_it {
            self.last = Some(last);
        }
        is_it
    }

    /// False where it is registered otherwise by now.
    pub(super) fn end(&mut self, push: &Subscription) -> bool {
        self.kept.take_if(|kept| kept == push);
        self.push.take_if(|own| own == push).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{
        PushResult,
        push::{Auth, Point},
    };

    fn push(name: &str) -> Option<Subscription> {
        let endpoint = format!("https://push.example/{name}").try_into().unwrap();
        Some(Subscription { endpoint, p256dh: Point([4; 65]), auth: Auth([7; 16]) })
    }

    fn mid(n: u8) -> Mid {
        Mid([n; 16])
    }

    #[test]
    fn a_request_that_cannot_be_kept_undoes_itself_and_no_later_one() {
        let mut registration = Registration::new(push("old"));
        registration.ask(mid(1), push("first"));
        registration.ask(mid(2), push("second"));
        registration.kept(mid(1), push("first"), false);
        assert_eq!(registration.push(), push("second").as_ref());
        registration.kept(mid(2), push("second"), true);
        assert!(registration.is(push("second").as_ref()));
    }

    #[test]
    fn what_was_kept_last_holds_when_nothing_later_is() {
        let mut registration = Registration::new(push("old"));
        registration.ask(mid(1), push("first"));
        registration.ask(mid(2), None);
        assert!(!registration.is(None), "the disk has not answered");
        registration.kept(mid(1), push("first"), true);
        registration.kept(mid(2), None, false);
        assert!(registration.is(push("first").as_ref()));
        let mut registration = Registration::new(push("old"));
        registration.ask(mid(1), push("first"));
        registration.ask(mid(2), push("second"));
        registration.kept(mid(1), push("first"), false);
        registration.kept(mid(2), push("second"), false);
        assert!(registration.is(push("old").as_ref()), "and not what never was");
    }

    #[test]
    fn what_became_of_a_push_is_told_of_the_registration_that_it_was_for() {
        let mut registration = Registration::new(push("old"));
        let old = push("old").unwrap();
        let last = LastPush { result: PushResult::Gone, at_unix_ms: Some(5) };
        assert!(registration.tried(&old, last) && registration.end(&old));
        assert_eq!(registration.waking(), Waking { registered: false, last: Some(last) });
        registration.ask(mid(1), push("new"));
        assert!(!registration.tried(&old, last) && !registration.end(&old));
        assert_eq!(registration.waking(), Waking { registered: true, last: None });
        registration.kept(mid(1), push("new"), false);
        assert_eq!(registration.push(), None, "that one is gone");
    }
}
