// SPDX-License-Identifier: MIT OR Apache-2.0
//! The call log.

use std::{collections::HashMap, time::Duration};

use serde::{Deserialize, Serialize};
use zbus::OwnedVariant;

use super::{
    client::Client,
    failure::Failure,
    layout::{columns, row},
    value::json,
    when::{Wall, span},
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Logged {
    id: u64,
    direction: String,
    #[serde(default)]
    contact: Option<String>,
    #[serde(default)]
    handset: Option<String>,
    status: String,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    started_at: Option<u64>,
    #[serde(default)]
    lasted_ms: u64,
    #[serde(default)]
    talked_ms: u64,
}

const ALL: u32 = 0;

/// The newest last, where the eye is.
pub(super) async fn fetch(
    client: &Client,
    limit: u32,
    missed: bool,
) -> Result<Vec<Logged>, Failure> {
    let asked = if missed { ALL } else { limit };
    let entries: Vec<HashMap<String, OwnedVariant>> = client.station("CallLog", &asked).await?;
    let entries = entries.iter().map(|entry| {
        let entry = entry.iter().map(|(key, value)| (key.clone(), json(value))).collect();
        serde_json::from_value(serde_json::Value::Object(entry))
    });
    let calls = entries
        .collect::<Result<Vec<Logged>, _>>()
        .map_err(|error| Failure::Gibberish(error.to_string()))?;
    Ok(select(calls, limit, missed))
}

fn select(newest_first: Vec<Logged>, limit: u32, missed: bool) -> Vec<Logged> {
    let limit =
        if limit == ALL { usize::MAX } else { usize::try_from(limit).unwrap_or(usize::MAX) };
    let wanted = newest_first.into_iter().filter(|call| !missed || call.is_missed());
    let mut calls: Vec<Logged> = wanted.take(limit).collect();
    calls.reverse();
    calls
}

impl Logged {
    /// Somebody was there and nobody reacted. Declining is a reaction, unless the station did it.
    fn is_missed(&self) -> bool {
        match self.status.as_str() {
            "rejected" => self.reason.as_deref() == Some("do_not_disturb"),
            "unanswered" | "missed" | "cancelled" | "busy" => true,
            "failed" => self.talked_ms == 0,
            _ => false,
        }
    }

    fn end(&self) -> String {
        match self.reason.as_deref() {
            Some(reason) if reason != self.status => format!("{} ({reason})", self.status),
            Some(_) | None => self.status.clone(),
        }
    }

    fn whom(&self) -> String {
        let handset = self.handset.as_deref();
        match (self.direction.as_str(), self.contact.as_deref()) {
            ("incoming", _) => format!("from {}", handset.unwrap_or("?")),
            (_, contact) => {
                let by = handset.map(|handset| format!(", answered by {handset}"));
                format!("to {}{}", contact.unwrap_or("?"), by.unwrap_or_default())
            }
        }
    }
}

pub(super) fn text(calls: &[Logged], wall: &Wall) -> String {
    let rows: Vec<_> = calls
        .iter()
        .map(|call| {
            let started = call.started_at.map(|ms| wall.moment(ms));
            let talked = if call.talked_ms == 0 {
                String::new()
            } else {
                span(Duration::from_millis(call.talked_ms))
            };
            let started = started.as_deref().unwrap_or("no clock");
            row([&call.id.to_string(), started, &call.whom(), &call.end(), &talked])
        })
        .collect();
    if rows.is_empty() { "no calls".to_owned() } else { columns(&rows) }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn call(id: u64, status: &str) -> Logged {
        Logged {
            id,
            direction: "outgoing".into(),
            contact: Some("home".into()),
            handset: None,
            status: status.into(),
            reason: Some(status.into()),
            started_at: Some(1_772_409_600_000 + id * 60_000),
            lasted_ms: 45_000,
            talked_ms: 0,
        }
    }

    fn ids(calls: &[Logged]) -> Vec<u64> {
        calls.iter().map(|call| call.id).collect()
    }

    #[test]
    fn the_limit_counts_what_is_shown_and_the_newest_is_last() {
        let log =
            || vec![call(4, "unanswered"), call(3, "ended"), call(2, "busy"), call(1, "missed")];
        assert_eq!(ids(&select(log(), 2, false)), [3, 4]);
        assert_eq!(ids(&select(log(), 2, true)), [2, 4]);
        assert_eq!(ids(&select(log(), 0, false)), [1, 2, 3, 4]);
    }

    #[test]
    fn a_declined_call_was_not_missed_and_one_that_never_came_about_was() {
        let missed = |status: &str, talked_ms| Logged { talked_ms, ..call(1, status) }.is_missed();
        assert!(!missed("rejected", 0));
        assert!(missed("failed", 0));
        assert!(!missed("failed", 9_000));
    }

    #[test]
    fn the_log_reads_like_a_list_of_visits() {
        let answered = Logged {
            handset: Some("hall".into()),
            status: "ended".into(),
            reason: Some("max_duration".into()),
            talked_ms: 65_000,
            ..call(2, "ended")
        };
        let dark = Logged { started_at: None, ..call(3, "unanswered") };
        let wall = Wall::new(Some(1_772_413_200_000), TimeZone::UTC);
        let expected = "\
2  today 00:02  to home, answered by hall  ended (max_duration)  1 min 5 s
3  no clock     to home                    unanswered";
        assert_eq!(text(&[answered, dark], &wall), expected);
        assert_eq!(text(&[], &wall), "no calls");
    }
}
