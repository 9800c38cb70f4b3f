// SPDX-License-Identifier: MIT OR Apache-2.0
//! The worker's loop test: begun, ended by whatever else is to be heard, measured beside it all.

use std::{thread, time::Duration};

use intercomd::{
    core::Moment,
    media::{LoopTest, MediaCommand, MediaEvent},
};

use crate::{fact::Fact, worker::Worker};

/// It lasts 1.4 s; the rest is for devices that take their time.
const LONGEST: Duration = Duration::from_secs(10);

impl Worker {
    pub(super) fn test_loop(&mut self, now: Moment) {
        if self.is_in_a_call() {
            return self.say(MediaEvent::LoopTested(LoopTest::Interrupted));
        }
        self.sound.test_loop(now);
        self.testing = Some(now + LONGEST);
        self.tried = true;
        self.test_devices();
    }

    /// There is nothing to be heard through a device that is not there.
    pub(super) fn test_devices(&mut self) {
        if let Some(fault) = self.sound.faults().first() {
            self.tested(LoopTest::NoDevice(*fault));
        }
    }

    /// Called before a command is obeyed. A call finds the devices open.
    pub(super) fn interrupt_test(&mut self, by: &MediaCommand) {
        match by {
            MediaCommand::Start { .. } if self.testing.take().is_some() => {
                self.sound.end_test(true);
                self.say(MediaEvent::LoopTested(LoopTest::Interrupted));
            }
            MediaCommand::Play(_) | MediaCommand::Tone(Some(_)) | MediaCommand::TestLoop => {
                self.tested(LoopTest::Interrupted);
            }
            MediaCommand::Start { .. }
            | MediaCommand::Stop { .. }
            | MediaCommand::OpenLeg { .. }
            | MediaCommand::CloseLeg { .. }
            | MediaCommand::Signal { .. }
            | MediaCommand::Gate { .. }
            | MediaCommand::Tone(None)
            | MediaCommand::Volume { .. }
            | MediaCommand::Gain { .. } => {}
        }
    }

    /// A call that comes now does not wait for the arithmetic.
    pub(super) fn recorded(&mut self) {
        if self.testing.is_none() {
            return;
        }
        let Some(recording) = self.sound.end_test(false) else { return };
        let teller = self.teller.clone();
        let measuring = thread::Builder::new().name("measuring".to_owned());
        let begun = measuring.spawn(move || teller.tell(Fact::Measured(recording.measure())));
        if begun.is_err() {
            self.tested(LoopTest::Lost);
        }
    }

    /// If there still is a test.
    pub(super) fn tested(&mut self, result: LoopTest) {
        if self.testing.take().is_some() {
            self.sound.end_test(false);
            self.say(MediaEvent::LoopTested(result));
        }
    }
}
