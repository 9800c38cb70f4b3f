// SPDX-License-Identifier: MIT OR Apache-2.0
//! The reference file is held to what the reader does, and the examples to what they promise.

use std::{collections::BTreeSet, fs};

use toml::de::DeTable;

use super::{files, in_use, setting, shipped};
use crate::config::{
    Config,
    findings::{Asked, Findings},
    parse, parse_named, read_all,
};

fn asked(text: &str) -> Vec<Asked> {
    let findings = Findings::new("intercomd.toml", text);
    read_all(&findings, DeTable::parse(text).unwrap().get_ref());
    findings.asked.into_inner()
}

/// The same for all names and for all places of a list.
fn general(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('.').collect();
    let name = match parts[..] {
        ["buttons" | "lights" | "doors" | "contacts" | "sounds", _, ..] => Some(1),
        ["simulator", "handsets", _, ..] => Some(2),
        _ => None,
    };
    if let Some(index) = name {
        parts[index] = "*";
    }
    let digits = |c: char| c.is_ascii_digit();
    parts.join(".").replace(digits, "")
}

#[test]
fn the_file_as_shipped_is_valid_wires_nothing_and_lets_handsets_in() {
    let shipped = parse(&shipped()).unwrap();
    assert_eq!(shipped, parse("[link]\nlisten = '[::]:7443'").unwrap());
    assert!(shipped.wiring.inputs.is_empty() && shipped.wiring.outputs.is_empty());
    assert!(shipped.warnings.is_empty());
}

#[test]
fn the_reference_knows_exactly_the_keys_that_the_reader_asks_for() {
    let text = in_use(&shipped());
    // Whatever is in the file and not asked for is a problem of its own.
    assert_eq!(parse(&text).map(|config| config.warnings), Ok(Vec::new()));
    let asked = asked(&text);
    let found: BTreeSet<String> =
        asked.iter().filter(|key| key.found).map(|key| general(&key.path)).collect();
    let all: BTreeSet<String> = asked.iter().map(|key| general(&key.path)).collect();
    let absent: Vec<_> = all.difference(&found).collect();
    assert!(absent.is_empty(), "not in the reference: {absent:?}");
    assert!(found.len() > 80, "{}", found.len());
}

/// The comment above a setting, on one line; a setting without one shares that of its neighbour.
fn comment_above(lines: &[&str], index: usize) -> String {
    let is_prose = |line: &&str| line.starts_with("# ") && setting(line).is_none();
    let above = lines[..index].iter().rev().skip_while(|line| !is_prose(line));
    let mut prose: Vec<&str> = above.take_while(|line| is_prose(line)).copied().collect();
    prose.reverse();
    let words: Vec<&str> = prose.iter().map(|line| line.trim_start_matches("# ")).collect();
    words.join(" ")
}

/// Single-line settings with the number of their line.
fn settings(text: &str) -> Vec<(usize, String)> {
    let lines = text.lines().enumerate();
    let one_line = |line: &str| {
        let setting = setting(line)?;
        let (key, value) = setting.split_once(" = ")?;
        (!key.starts_with([' ', '[']) && value != "[").then(|| key.to_owned())
    };
    lines.filter_map(|(index, line)| Some((index, one_line(line)?))).collect()
}

#[test]
fn every_default_in_the_reference_is_the_real_one() {
    let shipped = shipped();
    let lines: Vec<&str> = shipped.lines().collect();
    let full = without_places(&in_use(&shipped)).unwrap();
    let mut tried = 0;
    for (index, key) in settings(&shipped) {
        let kept = lines.iter().enumerate().filter(|(other, _)| *other != index);
        let rest = kept.fold(String::new(), |all, (_, line)| all + line + "\n");
        let rest = without_places(&in_use(&rest));
        let comment = comment_above(&lines, index) + lines[index];
        if comment.contains("(Required.)") {
            assert!(rest.is_err(), "line {}: {key} is not required", index + 1);
        } else if comment.contains("(No default") {
            // The board changes only what is checked.
            assert!(key == "board" || rest != Ok(full.clone()), "line {}: {key}", index + 1);
        } else {
            assert_eq!(rest, Ok(full.clone()), "line {}: {key} is no default", index + 1);
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried}");
}

fn without_places(text: &str) -> Result<Config, String> {
    let config = parse(text).map_err(|problems| problems.to_string())?;
    Ok(Config { places: Default::default(), ..config })
}

#[test]
fn every_range_in_the_reference_is_the_real_one() {
    let shipped = shipped();
    let lines: Vec<&str> = shipped.lines().collect();
    let text = in_use(&shipped);
    for key in asked(&text).iter().filter(|key| key.found && !key.path.ends_with(']')) {
        let structure = ["a table", "tables, each with a name", "a list of tables"];
        if structure.iter().any(|kind| key.allowed == *kind || key.allowed.starts_with("a table,"))
        {
            continue;
        }
        let (index, _) = position(&text, &key.path).unwrap_or_else(|| panic!("{}", key.path));
        let comment = comment_above(&lines, index).to_lowercase();
        // What press accepts is said once for the keys that accept the same.
        let said = comment.contains(&key.allowed.to_lowercase())
            || comment.contains("the words of press")
            || lines[index].ends_with("(Required.)");
        assert!(said, "{} allows {}; its comment: {comment}", key.path, key.allowed);
    }
}

/// The line, counted from 0, and the column of a key by its path.
fn position(text: &str, path: &str) -> Option<(usize, usize)> {
    let mut table = DeTable::parse(text).ok()?.into_inner();
    let mut at = 0;
    for part in path.split('.') {
        let (part, item) =
            part.strip_suffix(']').and_then(|part| part.split_once('[')).unwrap_or((part, ""));
        let (key, value) = table.remove_entry(part)?;
        at = key.span().start;
        let value = value.into_inner();
        let list = value.as_array().and_then(|list| list.get(item.parse::<usize>().ok()?));
        let below = list.map(|item| item.get_ref()).unwrap_or(&value);
        table = below.as_table().cloned().unwrap_or_default();
    }
    let before = &text[..at];
    Some((before.matches('\n').count(), at))
}

#[test]
fn every_example_is_valid_and_free_of_warnings() {
    let examples = files("config/examples", "toml");
    assert_eq!(examples.len(), 3);
    for path in examples {
        let name = path.display().to_string();
        let config = parse_named(&name, &fs::read_to_string(&path).unwrap());
        let config = config.unwrap_or_else(|problems| panic!("{problems}"));
        assert!(config.warnings.is_empty(), "{:?}", config.warnings);
        assert!(!config.profile.contacts.is_empty() && !config.profile.doors.is_empty());
    }
}
