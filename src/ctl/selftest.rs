// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the station finds out about itself.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;
use zbus::OwnedVariant;

use super::{
    answer::Answer,
    client::Client,
    failure::Failure,
    layout::{Row, columns, row},
};

#[derive(Debug, Default)]
struct Results {
    passed: Vec<String>,
    failed: BTreeMap<String, String>,
    skipped: BTreeMap<String, String>,
    measured: BTreeMap<String, String>,
}

pub(super) async fn ask(client: &Client) -> Result<Answer, Failure> {
    let mut results: HashMap<String, OwnedVariant> = client.station("SelfTest", &()).await?;
    let mut taken = |key: &str| results.remove(key).ok_or(Failure::Gibberish(format!("no {key}")));
    let unlike = |error: zbus::Error| Failure::Gibberish(error.to_string());
    let passed = taken("passed")?.try_into().map_err(unlike)?;
    let mut with_words = |key: &str| {
        let words: HashMap<String, String> = taken(key)?.try_into().map_err(unlike)?;
        Ok(words.into_iter().collect())
    };
    Ok(shown(&Results {
        passed,
        failed: with_words("failed")?,
        skipped: with_words("skipped")?,
        measured: with_words("measured")?,
    }))
}

fn shown(results: &Results) -> Answer {
    let Results { passed, failed, skipped, measured } = results;
    let found = |name: &String| measured.get(name).map_or("", String::as_str);
    let mut rows: Vec<Row> = passed.iter().map(|name| row(["passed", name, found(name)])).collect();
    rows.extend(failed.iter().map(|(name, why)| row(["failed", name, why])));
    rows.extend(skipped.iter().map(|(name, why)| row(["skipped", name, why])));
    let json = json!({
        "passed": passed, "failed": failed, "skipped": skipped, "measured": measured,
    });
    Answer { exit_code: u8::from(!failed.is_empty()), ..Answer::new(columns(&rows), json) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str, why: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(name.to_owned(), why.to_owned())])
    }

    #[test]
    fn each_check_has_a_line_and_a_failure_is_an_exit_status() {
        let mut results = Results {
            passed: vec!["panel".into(), "sound".into()],
            measured: words("sound", "heard at -30 dB"),
            skipped: words("storage", "it is asleep"),
            ..Results::default()
        };
        let answer = shown(&results);
        let expected = "\
passed   panel
passed   sound    heard at -30 dB
skipped  storage  it is asleep";
        assert_eq!((answer.text.as_str(), answer.exit_code), (expected, 0));
        assert_eq!(answer.json["measured"]["sound"], "heard at -30 dB");
        results.failed = words("configuration", "the last one read was refused");
        let answer = shown(&results);
        assert!(answer.text.contains("failed   configuration  the last"), "{}", answer.text);
        assert_eq!(answer.exit_code, 1);
    }
}
