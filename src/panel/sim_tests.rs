// SPDX-License-Identifier: MIT OR Apache-2.0

use std::time::Duration;

use tokio::sync::mpsc::{self, Receiver};

use super::*;
use crate::{
    core::{effect::Drive, status::Pattern},
    panel::{
        Panel, PanelCommand, open,
        wiring::{Backend, Bias, InputLine, Line, OutputLine, Polarity},
    },
};

fn button() -> Input {
    Input::Button("call".parse().unwrap())
}

fn relay() -> Output {
    Output::Relay("front".parse().unwrap())
}

fn light() -> Output {
    Output::Light("call".parse().unwrap())
}

fn wiring() -> Wiring {
    let line = Line::Named("ANY".to_owned());
    let (polarity, bias) = (Polarity::ActiveLow, Bias::PullUp);
    let input = InputLine { line: line.clone(), polarity, bias, debounce: Duration::ZERO };
    let output = OutputLine { line, polarity };
    Wiring {
        backend: Backend::Sim,
        inputs: BTreeMap::from([(button(), input.clone()), (Input::Tamper, input)]),
        outputs: BTreeMap::from([(relay(), output.clone()), (light(), output)]),
    }
}

fn panel(room: usize) -> (Panel, SimPanel, Receiver<PanelEvent>) {
    let (events_in, events) = mpsc::channel(room);
    let panel = open(&wiring(), events_in).unwrap();
    let sim = panel.sim().unwrap();
    (panel, sim, events)
}

fn changed(input: Input, active: bool) -> PanelEvent {
    PanelEvent::InputChanged { input, active }
}

fn drain(events: &mut Receiver<PanelEvent>) -> Vec<PanelEvent> {
    std::iter::from_fn(|| events.try_recv().ok()).collect()
}

async fn until(sim: &SimPanel, output: Output, active: bool) {
    let mut outputs = sim.watch_outputs();
    let level = outputs.wait_for(|levels| levels.get(&output) == Some(&active));
    tokio::time::timeout(Duration::from_secs(5), level).await.unwrap().unwrap();
}

#[test]
fn the_first_events_are_the_levels_of_all_inputs() {
    let (_panel, _, mut events) = panel(8);
    assert_eq!(drain(&mut events), [changed(button(), false), changed(Input::Tamper, false)]);
}

#[test]
fn a_change_is_reported_once_and_a_quick_press_whole() {
    let (_panel, sim, mut events) = panel(8);
    drain(&mut events);
    sim.set_input(&button(), false).unwrap();
    sim.set_input(&button(), true).unwrap();
    sim.set_input(&button(), true).unwrap();
    sim.set_input(&button(), false).unwrap();
    assert_eq!(drain(&mut events), [changed(button(), true), changed(button(), false)]);
}

#[test]
fn a_press_that_nobody_takes_did_not_happen() {
    let (_panel, sim, mut events) = panel(2);
    assert_eq!(sim.set_input(&button(), true), Err(SimError::Busy));
    drain(&mut events);
    assert!(!sim.inputs()[&button()]);
    sim.set_input(&button(), true).unwrap();
    assert_eq!(drain(&mut events), [changed(button(), true)]);
}

#[test]
fn a_queue_without_room_for_the_first_levels_is_refused() {
    let (events_in, _events) = mpsc::channel(1);
    assert!(matches!(open(&wiring(), events_in), Err(OpenError::QueueFull)));
}

#[tokio::test]
async fn a_pulse_is_seen_and_ends_by_itself() {
    let (panel, sim, _events) = panel(8);
    assert_eq!(sim.outputs(), BTreeMap::from([(relay(), false), (light(), false)]));
    let drive = Drive::On { at_most: Duration::from_millis(400) };
    panel.command(PanelCommand::Relay { door: "front".parse().unwrap(), drive }).unwrap();
    until(&sim, relay(), true).await;
    until(&sim, relay(), false).await;
}

#[tokio::test]
async fn a_blinking_light_goes_on_and_off_and_on() {
    let (panel, sim, _events) = panel(8);
    let pattern = Pattern::BlinkFast;
    panel.command(PanelCommand::Light { light: "call".parse().unwrap(), pattern }).unwrap();
    for lit in [true, false, true] {
        until(&sim, light(), lit).await;
    }
}

#[tokio::test]
async fn a_planted_fault_is_reported_and_so_is_its_end() {
    let (panel, sim, mut events) = panel(8);
    drain(&mut events);
    sim.fail_output(&relay(), true).unwrap();
    let drive = Drive::On { at_most: Duration::from_secs(60) };
    panel.command(PanelCommand::Relay { door: "front".parse().unwrap(), drive }).unwrap();
    let why = "the simulator says so".to_owned();
    let fault = PanelEvent::OutputFault { output: relay(), faulty: true, why };
    assert_eq!(events.recv().await, Some(fault));
    sim.fail_output(&relay(), false).unwrap();
    let cured = PanelEvent::OutputFault { output: relay(), faulty: false, why: String::new() };
    assert_eq!(events.recv().await, Some(cured));
    assert!(sim.outputs()[&relay()]);
}

#[tokio::test]
async fn closing_makes_outputs_inactive_and_inputs_silent() {
    let (panel, sim, mut events) = panel(8);
    drain(&mut events);
    let drive = Drive::On { at_most: Duration::from_secs(60) };
    panel.command(PanelCommand::Relay { door: "front".parse().unwrap(), drive }).unwrap();
    until(&sim, relay(), true).await;
    panel.close().await;
    assert_eq!(sim.outputs(), BTreeMap::from([(relay(), false), (light(), false)]));
    assert_eq!(sim.set_input(&button(), true), Err(SimError::Closed));
    assert_eq!(events.recv().await, None);
}
