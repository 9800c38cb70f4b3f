// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whatever the file holds, the answer is a configuration or a list of problems with places.

use std::{fs, io::Write};

use proptest::prelude::*;

use super::{files, in_use, shipped, tree};
use crate::config::{Problems, parse, read};

fn every_problem_has_a_place(text: &str) -> Result<(), TestCaseError> {
    let Err(problems) = parse(text) else { return Ok(()) };
    let lines = text.matches('\n').count() + 1;
    prop_assert!(problems.iter().len() > 0);
    for problem in &problems {
        prop_assert!((1..=lines).contains(&problem.line), "{problem}");
        prop_assert!(problem.column > 0, "{problem}");
        prop_assert!(!problem.to_string().contains('\n'), "{problem}");
    }
    Ok(())
}

/// Sound files, to be damaged.
fn sound_files() -> Vec<String> {
    let examples = files("config/examples", "toml").into_iter();
    let wrong = files("tests/golden/config", "toml").into_iter();
    let texts = examples.chain(wrong).map(|path| fs::read_to_string(path).unwrap());
    texts.chain([in_use(&shipped())]).collect()
}

/// A value that some key somewhere takes, or nearly so.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| format!("{number:?}")),
        "[a-z_:]{0,12}".prop_map(|word| format!("\"{word}\"")),
        Just("true".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("[{}, [1], {handsets = 3}]".to_owned()),
        Just("07:30:00".to_owned()),
        Just("1979-05-27T07:32:00Z".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_an_answer(text in any::<String>()) {
        every_problem_has_a_place(&text)?;
    }

    #[test]
    fn text_made_of_toml_signs_gets_an_answer(text in "[a-z0-9 \\[\\]{}=.,\"'#\n-]{0,200}") {
        every_problem_has_a_place(&text)?;
    }

    #[test]
    fn a_damaged_file_gets_an_answer(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        length in 0..40_usize,
        instead in "[a-z0-9\\[\\]{}=.,\"\n-]{0,8}",
    ) {
        let texts = sound_files();
        let chars: Vec<char> = texts[which.index(texts.len())].chars().collect();
        let at = at.index(chars.len());
        let kept = chars.iter().skip(at + length);
        let text: String = chars[..at].iter().copied().chain(instead.chars()).chain(kept.copied()).collect();
        every_problem_has_a_place(&text)?;
    }

    #[test]
    fn any_value_under_a_known_key_gets_an_answer(
        which in any::<prop::sample::Index>(),
        line in any::<prop::sample::Index>(),
        value in value(),
    ) {
        let texts = sound_files();
        let mut lines: Vec<String> =
            texts[which.index(texts.len())].lines().map(str::to_owned).collect();
        let line = &mut lines[line.index(texts[which.index(texts.len())].lines().count())];
        if let Some((key, _)) = line.clone().split_once(" = ") {
            *line = format!("{key} = {value}");
        }
        every_problem_has_a_place(&lines.join("\n"))?;
    }

    #[test]
    fn a_file_of_any_bytes_gets_an_answer(bytes in any::<Vec<u8>>()) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&bytes).unwrap();
        if let Err(problems) = read(file.path()) {
            prop_assert!(problems.iter().all(|problem| problem.line > 0), "{problems}");
        }
    }
}

fn said(result: Result<crate::config::Config, Problems>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn nesting_without_end_is_refused() {
    let lists = format!("a = {}", "[".repeat(10_000));
    let keys = format!("{}b = 1", "a.".repeat(10_000));
    for text in [lists, keys] {
        assert!(said(parse(&text)).contains("recursion"));
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let said = said(read(&tree("config/no_such.toml")));
    assert!(said.contains("config/no_such.toml: cannot be read: No such file"), "{said}");
    assert!(said.ends_with("\n1 problem"), "{said}");
}

#[test]
fn a_directory_cannot_be_read() {
    assert!(said(read(&tree("config"))).contains("cannot be read"));
}

#[test]
fn a_file_without_end_is_refused() {
    let said = said(read("/dev/zero".as_ref()));
    assert_eq!(said, "/dev/zero: is too large; allowed: up to 256 KiB\n1 problem");
}

#[test]
fn bytes_that_are_no_text_are_found() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"[station]\nname = \"\xff\"\n").unwrap();
    let said = said(read(file.path()));
    assert!(said.contains(":2:9: is not UTF-8 from here on\n"), "{said}");
}
