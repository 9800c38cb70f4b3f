// SPDX-License-Identifier: MIT OR Apache-2.0
//! The real thread with recording lines. No test has a runtime: nobody polls anything.

use std::sync::{
    atomic::{AtomicBool, Ordering},
    mpsc::{Receiver, SyncSender, sync_channel},
};

use tokio::sync::mpsc;

use super::*;
use crate::core::{effect::Drive, status::Pattern};

const DEADLINE: Duration = Duration::from_secs(5);

type Written = (String, bool, Moment);

struct Recorder {
    written: SyncSender<Written>,
    broken: Arc<AtomicBool>,
}

impl OutputLines for Recorder {
    fn set(&mut self, output: &Output, active: bool) -> Result<(), WriteError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(WriteError::Planted);
        }
        self.written.send((output.to_string(), active, clock::now())).unwrap();
        Ok(())
    }
}

struct Rig {
    thread: OutputThread,
    written: Receiver<Written>,
    events: mpsc::Receiver<PanelEvent>,
    broken: Arc<AtomicBool>,
}

fn rig(event_room: usize) -> Rig {
    let (written_in, written) = sync_channel(100);
    let (events_in, events) = mpsc::channel(event_room);
    let broken = Arc::new(AtomicBool::new(false));
    let lines = Recorder { written: written_in, broken: Arc::clone(&broken) };
    let outputs = [
        Output::Light("call".parse().unwrap()),
        Output::Relay("front".parse().unwrap()),
        Output::Relay("gate".parse().unwrap()),
    ];
    Rig { thread: OutputThread::start(outputs, lines, events_in).unwrap(), written, events, broken }
}

fn on(ms: u64) -> PanelCommand {
    let at_most = Duration::from_millis(ms);
    PanelCommand::Relay { door: "front".parse().unwrap(), drive: Drive::On { at_most } }
}

fn off() -> PanelCommand {
    PanelCommand::Relay { door: "front".parse().unwrap(), drive: Drive::Off }
}

fn shine() -> PanelCommand {
    PanelCommand::Light { light: "call".parse().unwrap(), pattern: Pattern::On }
}

impl Rig {
    fn next(&self) -> (String, bool) {
        let (output, active, _) = self.written.recv_timeout(DEADLINE).unwrap();
        (output, active)
    }

    fn next_fault(&mut self) -> PanelEvent {
        let start = clock::now();
        loop {
            if let Ok(event) = self.events.try_recv() {
                return event;
            }
            assert!(clock::now().since(start) < DEADLINE, "no event in time");
            std::thread::yield_now();
        }
    }
}

fn front(active: bool) -> (String, bool) {
    ("doors.front.relay".to_owned(), active)
}

#[test]
fn a_pulse_ends_on_time_while_nobody_looks() {
    let rig = rig(1);
    rig.thread.command(on(60)).unwrap();
    let (_, active, began) = rig.written.recv_timeout(DEADLINE).unwrap();
    assert!(active);
    let (_, active, ended) = rig.written.recv_timeout(DEADLINE).unwrap();
    assert!(!active);
    let lasted = ended.since(began);
    assert!(lasted < Duration::from_millis(2000), "{lasted:?}");
}

#[test]
fn off_ends_a_long_pulse_at_once() {
    let rig = rig(1);
    rig.thread.command(on(3_600_000)).unwrap();
    assert_eq!(rig.next(), front(true));
    rig.thread.command(off()).unwrap();
    assert_eq!(rig.next(), front(false));
}

#[test]
fn of_many_commands_the_last_one_wins_and_none_is_refused() {
    let rig = rig(1);
    for _ in 0..10_000 {
        rig.thread.command(on(3_600_000)).unwrap();
    }
    rig.thread.command(off()).unwrap();
    let mut last = front(false);
    drop(rig.thread);
    // Whatever was written before the thread stopped, the relay's last level is inactive.
    while let Ok((output, active, _)) = rig.written.try_recv() {
        if output == last.0 {
            last.1 = active;
        }
    }
    assert_eq!(last, front(false));
}

#[test]
fn stopping_makes_every_output_inactive_and_relays_first() {
    let rig = rig(1);
    rig.thread.command(shine()).unwrap();
    assert_eq!(rig.next(), ("lights.call".to_owned(), true));
    rig.thread.command(on(3_600_000)).unwrap();
    assert_eq!(rig.next(), front(true));
    drop(rig.thread);
    let off: Vec<_> = rig.written.try_iter().map(|(output, active, _)| (output, active)).collect();
    let names = ["doors.front.relay", "doors.gate.relay", "lights.call"];
    assert_eq!(off, names.map(|name| (name.to_owned(), false)));
}

#[test]
fn a_line_that_fails_is_reported_once_and_tried_until_it_works() {
    let mut rig = rig(4);
    rig.thread.command(on(3_600_000)).unwrap();
    assert_eq!(rig.next(), front(true));
    rig.broken.store(true, Ordering::SeqCst);
    rig.thread.command(off()).unwrap();
    let output = Output::Relay("front".parse().unwrap());
    let why = "the simulator says so".to_owned();
    let fault = PanelEvent::OutputFault { output: output.clone(), faulty: true, why };
    assert_eq!(rig.next_fault(), fault);
    rig.broken.store(false, Ordering::SeqCst);
    assert_eq!(rig.next(), front(false));
    let cured = PanelEvent::OutputFault { output, faulty: false, why: String::new() };
    assert_eq!(rig.next_fault(), cured);
}

#[test]
fn a_main_loop_that_takes_no_events_delays_no_pulse_and_gets_the_fault_later() {
    let mut rig = rig(1);
    rig.broken.store(true, Ordering::SeqCst);
    rig.thread.command(shine()).unwrap();
    let light_fault = rig.next_fault();
    assert!(matches!(light_fault, PanelEvent::OutputFault { faulty: true, .. }));
    rig.broken.store(false, Ordering::SeqCst);
    assert_eq!(rig.next(), ("lights.call".to_owned(), true));
    // The cure now fills the queue, and nobody takes it.
    rig.thread.command(on(30)).unwrap();
    assert_eq!(rig.next(), front(true));
    assert_eq!(rig.next(), front(false));
    rig.broken.store(true, Ordering::SeqCst);
    rig.thread.command(on(30)).unwrap();
    assert!(matches!(rig.next_fault(), PanelEvent::OutputFault { faulty: false, .. }));
    assert!(matches!(rig.next_fault(), PanelEvent::OutputFault { faulty: true, .. }));
}

#[test]
fn a_command_for_an_output_that_is_not_wired_is_refused() {
    let rig = rig(1);
    let command = PanelCommand::Light { light: "attic".parse().unwrap(), pattern: Pattern::On };
    let refused = rig.thread.command(command).unwrap_err();
    assert_eq!(refused, NotWired(Output::Light("attic".parse().unwrap())));
}
