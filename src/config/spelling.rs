// SPDX-License-Identifier: MIT OR Apache-2.0
//! Words in messages: lists, quotations from the file, and what a misspelt word was meant to be.

use std::fmt::Display;

pub(super) fn listed(words: impl IntoIterator<Item = impl Display>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    words.join(", ")
}

/// On one line, whatever the file holds, and not much longer than `limit`.
pub(super) fn quoted(text: &str, limit: usize) -> String {
    let escape = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.into() };
    let mut short: String = text.chars().take(limit).map(escape).collect();
    if text.chars().nth(limit).is_some() {
        short.push('…');
    }
    short
}

/// The candidate that is few edits away, in proportion to its length.
pub(super) fn nearest<'w>(
    word: &str,
    candidates: impl IntoIterator<Item = &'w str>,
) -> Option<&'w str> {
    // Longer than any key or name, and the comparison is quadratic.
    if word.len() > 64 {
        return None;
    }
    let near = |candidate: &'w str| {
        let distance = distance(word, candidate);
        (distance <= (candidate.len() / 2).clamp(1, 2)).then_some((distance, candidate))
    };
    candidates.into_iter().filter_map(near).min().map(|(_, candidate)| candidate)
}

/// Levenshtein's, by rows.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut next = vec![left];
        for (to, pair) in b.chars().zip(row.windows(2)) {
            let &[diagonal, above] = pair else { continue };
            left = (diagonal + usize::from(from != to)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_finds_the_word_that_was_meant() {
        let words = ["pulse_ms", "max_hold_s", "line"];
        assert_eq!(nearest("puls_ms", words), Some("pulse_ms"));
        assert_eq!(nearest("max_hold", words), Some("max_hold_s"));
        assert_eq!(nearest("lines", words), Some("line"));
        assert_eq!(nearest("colour", words), None);
    }

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn a_quotation_stays_on_one_line() {
        assert_eq!(quoted("a\nb\u{7}", 9), "a\\nb\\u{7}");
        assert_eq!(quoted("abcdef", 3), "abc…");
    }
}
