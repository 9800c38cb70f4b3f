// SPDX-License-Identifier: MIT OR Apache-2.0
//! What becomes due.

use std::time::Duration;

use super::{Act, Desk, QUIET, Role, Why, health::Finding, prewarm::Prewarm};
use crate::{core::Moment, media::wire::ToWorker};

/// A card brings several devices, and each gets its owner a little later.
const SETTLED: Duration = Duration::from_secs(1);

impl Desk {
    /// A worker with a call or a sound notices by itself what becomes of its devices.
    pub(super) fn devices_changed(&mut self, now: Moment) {
        self.untried = Some(now + SETTLED);
        match self.worker.as_ref().map(|worker| &worker.role) {
            Some(Role::Spare) => self.dismiss(now),
            Some(
                Role::Sounds { .. }
                | Role::Call { .. }
                | Role::Ending { .. }
                | Role::Dismissed { .. },
            )
            | None => {}
        }
    }

    /// Whoever had the device may have been another program, but for what a worker closed as it left.
    pub(super) fn device_let_go(&mut self, now: Moment) {
        if self.busy && self.worker.is_none() && self.alone_since + SETTLED < now {
            self.untried = Some(now + SETTLED);
        }
    }

    /// Called after everything that may have left the station without a worker, or with one.
    pub(super) fn plan_spare(&mut self, now: Moment) {
        let Some(prewarm) = &mut self.prewarm else { return };
        match &self.worker {
            Some(worker) => {
                let proven = !matches!(worker.role, Role::Spare) && worker.health.is_up();
                prewarm.there_is_one(proven);
            }
            None => prewarm.there_is_none(now),
        }
    }

    pub(in super::super) fn poll_timeout(&self) -> Option<Moment> {
        let spare = self.prewarm.as_ref().and_then(Prewarm::poll_timeout);
        let Some(worker) = &self.worker else {
            return self.untried.or(spare);
        };
        let health = worker.health.poll_timeout();
        let (role, health) = match worker.role {
            Role::Spare => (None, health),
            Role::Sounds { since } => {
                let quiet = self.is_quiet() && worker.health.is_up();
                (quiet.then(|| self.sounding.max(since) + QUIET), health)
            }
            Role::Call { over_at, .. } => (over_at, health),
            // Its time is up soon enough whether it answers or not.
            Role::Ending { until } | Role::Dismissed { until } => (Some(until), None),
        };
        [spare, role, health, self.testing].into_iter().flatten().min()
    }

    pub(in super::super) fn handle_timeout(&mut self, now: Moment) {
        if self.worker.is_none() {
            self.fill_in(now);
        }
        self.time_of_role(now);
        self.look_after(now);
        self.follow_test(now);
        self.plan_spare(now);
    }

    /// Nobody has asked for the worker that begins here.
    fn fill_in(&mut self, now: Moment) {
        let spare = self.prewarm.as_ref().and_then(Prewarm::poll_timeout);
        if let Some(from) = self.untried {
            if from <= now {
                self.launch(now, Role::Sounds { since: now });
            }
        } else if spare.is_some_and(|due| due <= now) {
            self.launch(now, Role::Spare);
        }
    }

    fn look_after(&mut self, now: Moment) {
        let Some(worker) = &mut self.worker else { return };
        match worker.role {
            Role::Spare | Role::Sounds { .. } | Role::Call { .. } => {}
            Role::Ending { .. } | Role::Dismissed { .. } => return,
        }
        match worker.health.handle_timeout(now) {
            Some(Finding::Ask(number)) => {
                self.acts.push_back(Act::Tell(worker.no, ToWorker::Ping(number)));
            }
            Some(Finding::NeverReady) => self.lose(now, Why::NeverReady),
            Some(Finding::Silent) => self.lose(now, Why::Silent),
            None => {}
        }
    }

    /// Nothing lasts until somebody ends it.
    fn is_quiet(&self) -> bool {
        self.tone.is_none() && self.testing.is_none()
    }

    fn time_of_role(&mut self, now: Moment) {
        let Some(worker) = &self.worker else { return };
        match worker.role {
            Role::Sounds { since } if worker.health.is_up() && self.is_quiet() => {
                if self.sounding.max(since) + QUIET <= now {
                    self.dismiss(now);
                }
            }
            Role::Call { call, over_at: Some(at) } if at <= now => self.stop(now, call),
            Role::Ending { until } if until <= now => self.dismiss(now),
            Role::Dismissed { until } if until <= now => self.kill(now, Why::Overdue),
            Role::Spare
            | Role::Sounds { .. }
            | Role::Call { .. }
            | Role::Ending { .. }
            | Role::Dismissed { .. } => {}
        }
    }
}
