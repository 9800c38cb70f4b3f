// SPDX-License-Identifier: MIT OR Apache-2.0
//! Random rings to a handset that comes, goes, speaks and keeps silent, with a push service that
//! does as it likes. A second account tells what may be pushed, and when nobody is reached.

use std::{collections::BTreeMap, time::Duration};

use intercomd::{
    core::{Moment, event::LegFact},
    link::{
        LinkCommand, LinkEvent, bytes,
        desk::Input,
        push::{Fate, News, Order},
    },
};
use proptest::prelude::*;
use serde_json::json;

use crate::{
    phone::{Phone, mid},
    stage::{Stage, leg},
};

#[derive(Clone, Copy, Debug)]
enum Step {
    Connect,
    Lose,
    Register(bool),
    Ring(u64),
    Say(&'static str),
    Hear,
    Select,
    End,
    Push(Fate),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Connect),
        2 => Just(Step::Lose),
        2 => any::<bool>().prop_map(Step::Register),
        4 => (1_u64..90).prop_map(Step::Ring),
        2 => prop_oneof![Just("ringing"), Just("busy")].prop_map(Step::Say),
        2 => Just(Step::Hear),
        1 => Just(Step::Select),
        3 => Just(Step::End),
        4 => prop_oneof![2 => Just(Fate::Taken), 1 => Just(Fate::Failed), 1 => Just(Fate::Gone)]
            .prop_map(Step::Push),
        5 => (0_u64..12_000).prop_map(Step::Wait),
    ]
}

/// What is known of the newest ring without looking into the desk.
#[derive(Clone, Debug)]
struct Account {
    since: Moment,
    until: Moment,
    pushed: bool,
    failed: bool,
    spoke: bool,
    selected: bool,
    over: bool,
    lost: bool,
    cancelled: bool,
}

struct World {
    stage: Stage,
    phone: Option<Phone>,
    call: u64,
    accounts: BTreeMap<u64, Account>,
    waiting: Vec<Order>,
    n: u64,
}

impl World {
    fn new() -> Self {
        let (phone, accounts, waiting) = (None, BTreeMap::new(), Vec::new());
        Self { stage: Stage::new(), phone, call: 0, accounts, waiting, n: 0 }
    }

    fn step(&mut self, step: Step) {
        self.n += 1;
        let own = leg(self.call, "kitchen");
        let is_on = self.accounts.get(&self.call).is_some_and(|account| !account.over);
        match step {
            Step::Connect => {
                self.phone = Some(Phone::connected_again(&mut self.stage, "handset"));
            }
            Step::Lose => {
                if let Some(phone) = self.phone.take() {
                    phone.lose(&mut self.stage);
                }
            }
            Step::Register(on) => {
                let Some(phone) = &mut self.phone else { return };
                let (p256dh, auth) = (bytes::encode(&[4; 65]), bytes::encode(&[7; 16]));
                let endpoint = format!("https://push.example/{}", self.n);
                let body = json!({"endpoint": endpoint, "p256dh": p256dh, "auth": auth});
                let (t, b) =
                    if on { ("push_register", body) } else { ("push_unregister", json!({})) };
                phone.request(&mut self.stage, mid(self.n), t, b);
            }
            Step::Ring(seconds) if !is_on => {
                self.call += 1;
                let (since, until) =
                    (self.stage.now, self.stage.now + Duration::from_secs(seconds));
                let no = false;
                let account = Account {
                    since,
                    until,
                    pushed: no,
                    failed: no,
                    spoke: no,
                    selected: no,
                    over: no,
                    lost: no,
                    cancelled: no,
                };
                self.accounts.insert(self.call, account);
                self.stage.ring(self.call, "kitchen", seconds);
            }
            Step::Say(t) => {
                let account = self.accounts.get_mut(&self.call);
                let (Some(phone), Some(account)) = (&mut self.phone, account) else { return };
                account.spoke |= is_on && !account.selected;
                phone.notice(&mut self.stage, t, json!({"cid": self.call}));
            }
            Step::Hear => {
                if let Some(phone) = &mut self.phone {
                    phone.hear(&mut self.stage);
                }
            }
            Step::Select if is_on => {
                self.accounts.get_mut(&self.call).unwrap().selected = true;
                self.stage.order(LinkCommand::Select { leg: own });
            }
            Step::End if is_on => {
                self.accounts.get_mut(&self.call).unwrap().over = true;
                self.stage.end(self.call, "kitchen", None);
            }
            Step::Push(fate) if !self.waiting.is_empty() => {
                let order = self.waiting.remove(0);
                let account = self.accounts.get_mut(&order.leg.call.0).unwrap();
                let is_ring = matches!(order.news, News::Ring { .. });
                account.failed |= is_ring && !account.over && fate != Fate::Taken;
                self.stage.input(Input::Pushed(order.report(fate)));
            }
            Step::Wait(ms) => self.stage.wait(Duration::from_millis(ms)),
            Step::Ring(_) | Step::Select | Step::End | Step::Push(_) => {}
        }
        self.settle();
    }

    fn settle(&mut self) {
        self.stage.timeout();
        while !self.stage.keeps.is_empty() {
            self.stage.keep(true);
        }
        // Whoever does not acknowledge is given up.
        for (connection, _) in self.stage.take_closed() {
            self.phone.take_if(|phone| phone.connection == connection);
        }
        let now = self.stage.now;
        for order in std::mem::take(&mut self.stage.pushes) {
            let account = self.accounts.get_mut(&order.leg.call.0).expect("something rang");
            assert_eq!(order.leg, leg(order.leg.call.0, "kitchen"));
            assert_eq!(order.until, account.until);
            match &order.news {
                News::Ring { .. } => {
                    assert!(!account.pushed, "a ring is pushed once");
                    assert!(!account.spoke && !account.over && !account.selected);
                    account.pushed = true;
                }
                News::Ended(_) => {
                    assert!(account.pushed && account.over && !account.selected);
                    assert!(!account.failed, "nothing rings there");
                    assert!(!account.cancelled, "an end is pushed once");
                    account.cancelled = true;
                }
            }
            self.waiting.push(order);
        }
        for event in self.stage.take_events() {
            let LinkEvent::Leg { leg: of, fact: LegFact::Unreachable } = event else { continue };
            let account = self.accounts.get_mut(&self.call).unwrap();
            assert_eq!(of, leg(self.call, "kitchen"));
            assert!(!account.lost, "out of reach once");
            assert!(!account.spoke && !account.selected && !account.over);
            assert!(!account.pushed || account.failed, "it was on its way");
            account.lost = true;
        }
        let Some(account) = self.accounts.get(&self.call) else { return };
        let late = now >= account.since + Duration::from_secs(5);
        let silent = !account.spoke && !account.selected && !account.over;
        if late && silent && (!account.pushed || account.failed) {
            assert!(account.lost, "nobody waits for a handset that cannot come: {account:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: (ProptestConfig::default().cases / 4).max(64),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whoever_is_woken_is_waited_for_and_told_when_it_is_over(
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
    }
}
