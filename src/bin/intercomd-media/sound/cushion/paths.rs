// SPDX-License-Identifier: MIT OR Apache-2.0
//! Calls over paths of every kind.

use super::{street::*, *};

const SECONDS: i16 = 10;
const A_SECOND: i16 = 50;
/// The packet with which the path changes.
const CHANGE: i16 = 5 * A_SECOND;
const MS: i64 = SECOND / 1000;

struct Path {
    name: &'static str,
    /// By the packet's number, how many milliseconds later than the fastest it comes.
    late: fn(i16) -> i64,
    /// And up to so many more.
    jitter: i64,
    /// So many packets may be cut while it changes, and none before or after.
    cut: usize,
    /// How late sound may be at the end, in milliseconds.
    delay: i64,
}

const PATHS: &[Path] = &[
    Path { name: "even", late: |_| 3, jitter: 0, cut: 0, delay: 10 },
    Path { name: "jitter", late: |_| 0, jitter: 30, cut: 0, delay: 40 },
    Path { name: "reordering", late: |n| 25 * i64::from(n % 7 == 0), jitter: 0, cut: 0, delay: 40 },
    Path { name: "straggler", late: |n| 500 * is(n, 1), jitter: 0, cut: 0, delay: 30 },
    Path { name: "of long ago", late: |n| 2500 * is(n, 1), jitter: 0, cut: 0, delay: 30 },
    Path { name: "slower", late: |n| 300 * is(n, 999), jitter: 0, cut: 0, delay: 10 },
    Path { name: "slower, uneven", late: |n| 300 * is(n, 999), jitter: 30, cut: 8, delay: 50 },
    Path { name: "slower, rough", late: |n| 300 * is(n, 999), jitter: 50, cut: 10, delay: 70 },
    Path { name: "slower and slower", late: |n| 4 * since(n), jitter: 30, cut: 4, delay: 50 },
    Path { name: "slow for a while", late: |n| 300 * is(n, 75), jitter: 30, cut: 25, delay: 50 },
    Path { name: "faster", late: |n| 300 - 300 * is(n, 999), jitter: 10, cut: 16, delay: 210 },
];

/// One for so many packets from the change on.
fn is(number: i16, packets: i16) -> i64 {
    i64::from((CHANGE..CHANGE + packets).contains(&number))
}

/// How many packets ago it changed, up to two seconds.
fn since(number: i16) -> i64 {
    i64::from((number - CHANGE).clamp(0, 2 * A_SECOND))
}

struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as i64 % 100
    }
}

/// How many packets of each second were said and not heard to their end.
fn cut(heard: &[Option<i16>], is_said: impl Fn(i16) -> bool) -> Vec<usize> {
    let mut blocks = BTreeMap::<i16, usize>::new();
    for number in heard.iter().flatten() {
        *blocks.entry(*number).or_default() += 1;
    }
    let is_cut = |number: &i16| is_said(*number) && blocks.get(number).is_none_or(|it| *it < 2);
    let seconds = 0..heard.len() as i16 / 100;
    let packets = |second| second * A_SECOND..(second + 1) * A_SECOND;
    seconds.map(|second| packets(second).filter(is_cut).count()).collect()
}

fn assert_nothing_is_heard_again(name: &str, heard: &[Option<i16>]) {
    let numbers = heard.iter().flatten().copied().filter(|number| *number >= 0).collect::<Vec<_>>();
    let again = numbers.windows(2).position(|pair| pair[1] < pair[0]);
    assert_eq!(again, None, "{name}: {numbers:?}");
    assert!(numbers.windows(3).all(|three| three[0] < three[2]), "{name}: {numbers:?}");
}

fn in_ms(delay: i64) -> i64 {
    delay / MS
}

#[test]
fn whatever_a_path_does_little_is_cut_and_little_late() {
    for Path { name, late, jitter, cut: most, delay } in PATHS {
        let (mut street, mut dice) = (Street::new(true), Dice(1));
        for number in 0..SECONDS * A_SECOND {
            let said = i64::from(number) * PACKET;
            let late = late(number) + jitter * dice.throw() / 100;
            street.comes(said + late * MS, said, number);
        }
        let mut heard = street.hears(100 * i64::from(SECONDS));
        let now = in_ms(street.cushion.delay());
        heard.extend(street.hears(60));
        let cut = cut(&heard, |_| true);
        assert_nothing_is_heard_again(name, &heard);
        let (change, calm) = (&cut[4..7], [&cut[2..4], &cut[7..]].concat());
        assert!(change.iter().sum::<usize>() <= *most, "{name}: {cut:?}");
        assert!(calm.iter().all(|cut| *cut == 0), "{name}: {cut:?}");
        assert!(now <= *delay, "{name}: {now} ms");
    }
}

#[test]
fn what_comes_twice_is_heard_once() {
    let mut street = Street::new(true);
    for number in 0..300 {
        let said = i64::from(number) * PACKET;
        street.comes(said, said, number);
        street.comes(said + 70 * MS * i64::from(number % 9 == 0), said, number);
    }
    let heard = street.hears(600);
    assert_nothing_is_heard_again("duplicates", &heard);
    assert_eq!(cut(&heard, |_| true), [0; 6]);
}

#[test]
fn pauses_of_the_sender_cut_nothing_off() {
    let mut street = Street::new(true);
    // Two seconds of speech, two of silence, of which there is a packet each 400 ms.
    let is_said = |number: i16| number / 100 % 2 == 0 || number % 20 == 0;
    street.sends(0..600, |number| is_said(number).then_some(i64::from(number % 3)));
    let heard = street.hears(990);
    let cut = cut(&heard, is_said);
    assert_nothing_is_heard_again("pauses", &heard);
    assert!(cut.iter().skip(1).all(|cut| *cut == 0), "{cut:?}");
    assert!(in_ms(street.cushion.delay()) <= 30);
}

#[test]
fn what_was_made_up_once_is_not_made_up_again() {
    let mut street = Street::new(true);
    street.sends(0..300, |number| (!(250..255).contains(&number)).then_some(0));
    street.hears(530);
    let delay = in_ms(street.cushion.delay());
    assert!(delay <= 20, "{delay} ms");
}

#[test]
fn a_sender_whose_clock_goes_wrong_is_followed() {
    // In thousandths; clocks are five times better, but tests have less time than calls.
    for drift in [-1, 1] {
        let mut street = Street::new(true);
        for number in 0..2600 {
            let said = i64::from(number) * PACKET;
            street.comes(said + said * drift / 1000 + 4 * MS, said, number);
        }
        let heard = street.hears(5190);
        let cut = cut(&heard, |_| true);
        let now = in_ms(street.cushion.delay());
        assert_nothing_is_heard_again("drift", &heard);
        assert!(cut[..51].iter().sum::<usize>() <= 8, "{drift}: {cut:?}");
        assert!(now <= 30, "{drift}: {now} ms");
    }
}

#[test]
fn a_loudspeaker_that_stood_still_makes_nothing_late() {
    for (stood_still, then_at_once) in
        [(8, 0), (20, 0), (50, 0), (500, 0), (5, 5), (20, 20), (50, 50)]
    {
        let mut street = Street::new(true);
        street.sends(0..1500, |_| Some(0));
        let mut heard = street.hears(500);
        street.stands_still(stood_still);
        heard.extend(street.hears_at_once(then_at_once));
        let after = street.hears(100);
        let behind = 500 + stood_still - 2 * i64::from(after[0].unwrap_or(0));
        assert!(then_at_once > 0 || behind * STEP <= HOPELESS, "{stood_still}: {behind}");
        heard.extend(after);
        let settled = street.hears(200);
        let delay = in_ms(street.cushion.delay());
        let behind = (500 + stood_still + 300) / 2 - 1 - i64::from(settled[199].unwrap());
        assert!(delay <= 20 && behind <= 2, "{stood_still} {then_at_once}: {delay} ms {behind}");
        assert!(settled.iter().all(|number| number.is_some_and(|number| number >= 0)));
        heard.extend(settled);
        assert_nothing_is_heard_again("stalls", &heard);
    }
}

#[test]
fn a_sender_whose_time_jumps_is_heard_again_soon() {
    for jump in [-100_000, -1900, -1000, -300, 300, 1000, 1900, 100_000] {
        let mut street = Street::new(true);
        for number in 0..800 {
            let said = i64::from(number) * PACKET;
            let jumped = if number < CHANGE { 0 } else { jump * MS };
            let late = i64::from(number % 3) * STEP;
            street.comes(said + late, said + jumped, number);
        }
        let heard = street.hears(1600);
        let cut = cut(&heard, |_| true);
        assert!(cut[5..7].iter().sum::<usize>() <= 15, "{jump}: {cut:?}");
        assert!(cut[7..].iter().all(|cut| *cut <= 1), "{jump}: {cut:?}");
    }
}
