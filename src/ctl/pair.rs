// SPDX-License-Identifier: MIT OR Apache-2.0
//! A pairing link that a phone can scan off the terminal.

use std::{collections::HashMap, time::Duration};

use qrcode::render::unicode::Dense1x2;
use serde_json::json;
use zbus::Variant;

use super::{
    answer::{Answer, Screen},
    cli::Window,
    client::Client,
    failure::Failure,
    when::span,
};
use crate::{
    core::{DoorName, profile::Right},
    link::qr,
    station::clock,
};

pub(super) async fn open(
    client: &Client,
    window: &Window,
    screen: Screen,
) -> Result<Answer, Failure> {
    let options = options(window);
    let (link, qr_svg, deadline): (String, String, u64) =
        client.station("OpenPairing", &options).await?;
    let left = Duration::from_micros(deadline).saturating_sub(clock::now().0);
    let seconds = left.as_secs_f64().round();
    let valid = span(Duration::from_secs_f64(seconds));
    let picture = picture(&link, screen.is_coloured()).unwrap_or_default();
    let text = format!("{picture}{link}\nfor one handset, within {valid}");
    let json = json!({ "link": link, "qr_svg": qr_svg, "deadline": deadline, "seconds": seconds });
    Ok(Answer::new(text, json))
}

fn options(window: &Window) -> HashMap<&'static str, Variant<'static>> {
    let Window { lifetime, rights, doors } = window;
    let mut options = HashMap::new();
    options.extend(lifetime.map(|seconds| ("lifetime_s", seconds.into())));
    let words = |rights: &Vec<Right>| rights.iter().map(|right| right.word()).collect::<Vec<_>>();
    options.extend(rights.as_ref().map(|rights| ("rights", words(rights).into())));
    let names = |doors: &Vec<DoorName>| doors.iter().map(DoorName::to_string).collect::<Vec<_>>();
    options.extend(doors.as_ref().map(|doors| ("doors", names(doors).into())));
    options
}

const BLACK_ON_WHITE: &str = "\u{1b}[30;107m";
const PLAIN: &str = "\u{1b}[0m";

/// `None` when the link is too long for a code.
fn picture(link: &str, coloured: bool) -> Option<String> {
    let code = qr::code(link)?;
    // Without colours the terminal is taken to be a dark one, so what is dark is not printed.
    let (dark, light) = if coloured {
        (Dense1x2::Dark, Dense1x2::Light)
    } else {
        (Dense1x2::Light, Dense1x2::Dark)
    };
    let picture = code.render::<Dense1x2>().dark_color(dark).light_color(light).build();
    let line = |line: &str| {
        if coloured { format!("{BLACK_ON_WHITE}{line}{PLAIN}\n") } else { format!("{line}\n") }
    };
    Some(picture.lines().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_square_with_a_quiet_border() {
        let picture = picture("intercom:1:abc", false).unwrap();
        let lines: Vec<Vec<char>> = picture.lines().map(|line| line.chars().collect()).collect();
        let wide = lines[0].len();
        assert!(lines.iter().all(|line| line.len() == wide));
        assert!(lines.len() * 2 >= wide && lines.len() * 2 <= wide + 1);
        // On a dark terminal the border is what is printed.
        assert!(lines[0].iter().all(|c| *c == '█'), "{picture}");
    }

    #[test]
    fn colours_are_put_back_at_the_end_of_each_line() {
        let picture = picture("intercom:1:abc", true).unwrap();
        assert!(picture.lines().all(|l| l.starts_with(BLACK_ON_WHITE) && l.ends_with(PLAIN)));
        assert!(picture.lines().next().unwrap().contains("    "));
    }

    #[test]
    fn a_link_that_fits_no_code_has_no_picture() {
        assert_eq!(picture(&"x".repeat(5000), false), None);
    }
}
