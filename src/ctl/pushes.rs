// SPDX-License-Identifier: MIT OR Apache-2.0
//! What became of pushes, in plain words.

use super::state::Push;

/// What became of the last push, and what to do about it: nothing, if it is empty.
pub(super) fn told(result: &str) -> (&'static str, &'static str) {
    match result {
        "taken" => ("was taken by its push service", ""),
        "gone" => (
            "ended its registration: its push service knows it no more",
            "open the app on this phone, so that it registers anew",
        ),
        "refused" => ("was refused by its push service or by a rule of [push]", "the log says why"),
        "unavailable" => (
            "was not taken: its push service has trouble or keeps silent",
            "the log says why; if it stays so, choose another push service on this phone",
        ),
        "untrusted" => (
            "was not sent: its push service shows a certificate that this machine does not trust",
            "the log says which; add the authority of that service to this machine's certificates",
        ),
        "unreachable" => (
            "was not sent: there is no way to its push service",
            "look at the name server and the gateway of this machine; the log says more",
        ),
        "no_clock" => (
            "was not sent: nobody knows whether the clock of this machine is right",
            "run: timedatectl set-ntp true",
        ),
        "no_certificates" => {
            ("was not sent: this machine has no certificates to trust", "install ca-certificates")
        }
        _ => ("came to an end that this intercomctl does not know", "the log says more"),
    }
}

/// For a list of handsets.
pub(super) fn in_short(push: &Push) -> &'static str {
    match (push.registered, push.result.as_str()) {
        (true, "" | "taken") => "woken by pushes",
        (true, _) => "last push failed; see intercomctl doctor",
        (false, "gone") => "pushes have ended; open its app",
        (false, _) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::PushResult;

    #[test]
    fn a_list_says_who_is_woken_and_where_to_look() {
        let of = |registered, result: &str| {
            in_short(&Push { registered, result: result.to_owned(), at: 0 })
        };
        assert_eq!([of(true, ""), of(true, "taken")], ["woken by pushes"; 2]);
        assert!(of(true, "no_clock").contains("intercomctl doctor"));
        assert!(of(false, "gone").contains("open its app"));
        assert_eq!(of(false, ""), "");
    }

    #[test]
    fn all_that_a_station_says_of_a_push_is_explained() {
        let unknown = told("fallen_down");
        for result in PushResult::ALL {
            assert_ne!(told(result.word()), unknown, "{result}");
            assert_eq!(told(result.word()).1.is_empty(), *result == PushResult::Taken, "{result}");
        }
    }
}
