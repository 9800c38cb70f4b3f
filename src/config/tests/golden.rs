// SPDX-License-Identifier: MIT OR Apache-2.0
//! Wrong files and everything said about them. `UPDATE_GOLDEN=1` writes the answers anew; their
//! diff is the review of a changed message.

use std::{collections::BTreeSet, fs, path::Path};

use super::files;
use crate::config::{Config, Problems, parse_named};

const DIRECTORY: &str = "tests/golden/config";

fn said_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    said(parse_named(name, &text))
}

fn said(result: Result<Config, Problems>) -> String {
    match result {
        Err(problems) => format!("{problems}\n"),
        Ok(config) => {
            let warning = |problem| format!("warning: {problem}\n");
            config.warnings.iter().map(warning).chain(["no problem\n".to_owned()]).collect()
        }
    }
}

#[test]
fn every_wrong_file_gets_exactly_the_expected_answer() {
    let (mut differing, mut answers) = (Vec::new(), BTreeSet::new());
    for path in files(DIRECTORY, "toml") {
        let (said, answer) = (said_of(&path), path.with_extension("txt"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&answer, &said).unwrap();
        }
        answers.insert(answer.clone());
        let expected = fs::read_to_string(&answer).unwrap_or_default();
        if said != expected {
            differing.push(format!("{}\nexpected:\n{expected}said:\n{said}", path.display()));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert_eq!(BTreeSet::from_iter(files(DIRECTORY, "txt")), answers);
}

#[test]
fn a_file_is_called_wrong_unless_its_name_says_that_it_only_warns() {
    let mut wrong = 0;
    for path in files(DIRECTORY, "toml") {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let problems = said_of(&path).lines().last().unwrap_or_default().contains("problem");
        let valid = said_of(&path).ends_with("no problem\n");
        assert!(problems && valid == name.starts_with("warns_"), "{name}");
        wrong += usize::from(!valid);
    }
    assert!(wrong >= 45, "{wrong} wrong files");
}

#[test]
fn every_problem_has_a_line_of_the_file_and_stays_on_one_line() {
    for path in files(DIRECTORY, "toml") {
        let text = fs::read_to_string(&path).unwrap();
        let Err(problems) = crate::config::parse(&text) else { continue };
        for problem in &problems {
            let lines = text.matches('\n').count() + 1;
            assert!((1..=lines).contains(&problem.line) && problem.column > 0, "{problem}");
            assert!(!problem.to_string().contains('\n'), "{problem}");
        }
    }
}
