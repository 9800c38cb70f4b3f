// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a session lets through at this moment. The worker writes it, the streaming threads read
//! it for every buffer, so that a gate needs no negotiation and acts on the next frame.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU8, Ordering},
};

use intercomd::core::status::Gate;

/// That somebody listens in, said at the door. Until it was heard the microphone is sent to nobody.
#[derive(Debug, Default)]
pub(crate) struct Notice(AtomicBool);

impl Notice {
    pub(crate) fn begins(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub(crate) fn ends(&self) {
        self.0.store(false, Ordering::Release);
    }

    pub(crate) fn is_being_given(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A session begins closed and untrusted.
#[derive(Debug)]
pub(crate) struct Pass {
    gate: AtomicU8,
    /// The peer's certificate is the one that its description promised.
    trusted: AtomicBool,
    preview: bool,
    notice: Arc<Notice>,
}

const CLOSED: u8 = 0;
const MUTED: u8 = 1;
const OPEN: u8 = 2;

impl Pass {
    pub(crate) fn new(gate: Gate, preview: bool, notice: Arc<Notice>) -> Self {
        let (closed, untrusted) = (AtomicU8::new(CLOSED), AtomicBool::new(false));
        let pass = Self { gate: closed, trusted: untrusted, preview, notice };
        pass.set(gate);
        pass
    }

    pub(crate) fn set(&self, gate: Gate) {
        let gate = match gate {
            Gate::Closed => CLOSED,
            Gate::Muted => MUTED,
            Gate::Open => OPEN,
        };
        self.gate.store(gate, Ordering::Release);
    }

    pub(crate) fn trust(&self) {
        self.trusted.store(true, Ordering::Release);
    }

    /// For good: the session is over.
    pub(crate) fn shut(&self) {
        self.trusted.store(false, Ordering::Release);
    }

    fn gate(&self) -> u8 {
        self.gate.load(Ordering::Acquire)
    }

    /// Anything at all may pass, be it silence.
    pub(crate) fn is_trusted(&self) -> bool {
        self.trusted.load(Ordering::Acquire)
    }

    /// The station's microphone is sent.
    pub(crate) fn speaks(&self) -> bool {
        self.is_trusted() && self.gate() == OPEN && !self.notice.is_being_given()
    }

    /// The handset is heard at the door, and seen.
    pub(crate) fn listens(&self) -> bool {
        self.is_trusted() && self.gate() != CLOSED
    }

    /// The station's picture is sent.
    pub(crate) fn shows(&self) -> bool {
        self.is_trusted() && (self.preview || self.gate() != CLOSED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(gate: Gate, preview: bool) -> Pass {
        Pass::new(gate, preview, Arc::default())
    }

    fn lets(pass: &Pass) -> [bool; 3] {
        [pass.speaks(), pass.listens(), pass.shows()]
    }

    #[test]
    fn nothing_passes_before_the_certificate_was_compared_whatever_the_gate() {
        for gate in [Gate::Closed, Gate::Muted, Gate::Open] {
            assert_eq!(lets(&pass(gate, true)), [false; 3], "{gate}");
        }
    }

    #[test]
    fn a_gate_says_who_is_heard_and_seen() {
        for (gate, preview, expected) in [
            (Gate::Closed, false, [false, false, false]),
            (Gate::Closed, true, [false, false, true]),
            (Gate::Muted, false, [false, true, true]),
            (Gate::Open, false, [true, true, true]),
        ] {
            let pass = pass(gate, preview);
            pass.trust();
            assert_eq!(lets(&pass), expected, "{gate} {preview}");
        }
    }

    #[test]
    fn a_gate_closes_again_and_a_session_that_is_over_stays_shut() {
        let pass = pass(Gate::Open, true);
        pass.trust();
        pass.set(Gate::Closed);
        assert_eq!(lets(&pass), [false, false, true]);
        pass.set(Gate::Open);
        pass.shut();
        assert_eq!(lets(&pass), [false; 3]);
    }

    #[test]
    fn the_microphone_waits_for_the_end_of_the_notice_whatever_the_gate() {
        let notice = Arc::<Notice>::default();
        notice.begins();
        let pass = Pass::new(Gate::Open, false, Arc::clone(&notice));
        pass.trust();
        assert_eq!(lets(&pass), [false, true, true]);
        notice.ends();
        assert_eq!(lets(&pass), [true; 3]);
    }
}
