// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the street hears of packets that come in time, late or never.

use proptest::{prelude::*, test_runner::TestRunner};

use super::{fake::*, street::*, *};

fn twice(numbers: impl Iterator<Item = i16>) -> Vec<Option<i16>> {
    numbers.flat_map(|number| [Some(number); 2]).collect()
}

#[test]
fn what_comes_evenly_is_heard_at_once_and_all_of_it() {
    let mut street = Street::new(true);
    street.sends(0..300, |_| Some(0));
    assert_eq!(street.hears(600), twice(0..300));
}

#[test]
fn what_was_lost_is_made_up_at_first_and_then_known_from_the_packet_after_it() {
    let mut street = Street::new(true);
    street.sends(0..100, |number| (number % 10 != 9).then_some(0));
    let heard = street.hears(200);
    let told = |number: i16| heard.iter().filter(|block| **block == Some(number)).count();
    let made_up = heard.iter().filter(|block| **block == Some(MADE_UP)).count();
    assert_eq!((told(8), made_up, told(9)), (2, 2, 2), "{heard:?}");
    assert!((10..98).all(|number| told(number) == 2), "{heard:?}");
}

#[test]
fn nothing_is_silent_and_little_made_up_in_a_network_that_jitters() {
    let mut street = Street::new(false);
    street.sends(0..1000, |number| Some(i64::from(number * 7 % 6)));
    let heard = street.hears(2000);
    let made_up = |of: &[Option<i16>]| of.iter().filter(|it| **it == Some(MADE_UP)).count();
    assert!(heard.iter().all(Option::is_some));
    assert!(made_up(&heard) < 20 && made_up(&heard[100..]) == 0, "{heard:?}");
    assert_eq!(street.cushion.delay(), 5 * STEP);
}

#[test]
fn what_is_in_store_for_nothing_goes_again() {
    let mut street = Street::new(false);
    let late = |number| Some(if number < 50 { i64::from(number * 7 % 6) } else { 0 });
    street.sends(0..2000, late);
    street.hears(100);
    assert_eq!(street.cushion.delay(), 5 * STEP);
    street.hears(3500);
    assert!(street.cushion.delay() < STEP, "{}", street.cushion.delay());
}

#[test]
fn after_a_pause_of_the_network_there_is_silence_and_then_what_is_said_now() {
    let mut street = Street::new(false);
    let during = |number: i16| (50..75).contains(&number);
    street
        .sends(0..200, |number| Some(if during(number) { 150 - 2 * i64::from(number) } else { 0 }));
    let heard = street.hears(200);
    assert!(heard[112..148].iter().all(Option::is_none), "{heard:?}");
    let behind = 199 / 2 - heard[199].unwrap();
    assert!((0..=15).contains(&behind), "{behind} packets");
}

#[test]
fn a_sender_that_begins_anew_is_heard_before_what_is_made_up_ends() {
    let mut street = Street::new(false);
    street.sends(0..50, |_| Some(0));
    street.hears(100);
    let strays = STRAYS as i16 - 1;
    for number in 50..100 {
        let at = PACKET * i64::from(number);
        street.comes(at, at + 20_000 * PACKET, number);
    }
    let made_up = vec![Some(MADE_UP); 2 * (STRAYS - 1)];
    assert_eq!(street.hears(100), [made_up, twice(50 + strays..100)].concat());
}

#[test]
fn what_others_stood_in_for_is_not_heard_when_it_comes_after_all() {
    let mut street = Street::new(true);
    street.sends(0..50, |number| Some(if number == 48 { 40 } else { 0 }));
    let heard = street.hears(300);
    let last = heard.iter().rposition(|number| *number == Some(49)).unwrap();
    assert!(last < 110 && heard[last..].iter().all(|number| *number != Some(48)), "{heard:?}");
}

#[test]
fn what_came_before_it_was_emptied_is_not_heard() {
    let mut street = Street::new(false);
    street.sends(0..50, |_| Some(0));
    street.hears(51);
    street.cushion.empty();
    assert_eq!(street.hears(1), [None]);
    assert_eq!(street.hears(2), twice(26..27));
}

#[test]
fn what_cannot_be_decoded_is_silence_of_the_same_length() {
    let mut cushion = Cushion::new(Box::new(Plain::default()));
    cushion.put(0, 0, &[]);
    assert_eq!([0, STEP].map(|now| cushion.take(now)), [Some([0; BLOCK]); 2]);
}

#[test]
fn a_flood_is_cut_off() {
    let mut cushion = Cushion::new(Box::new(Plain::default()));
    (0..5000).for_each(|at| cushion.put(0, at, &[0; 2]));
    assert_eq!(cushion.packets.len(), PACKETS);
}

/// How much later than the last packet it says it is, how long after the last step it comes, how long it lasts.
fn packet() -> impl Strategy<Value = (u32, i64, usize)> {
    let ahead = prop_oneof![6 => 0..3000_u32, 2 => 0xffff_f000_u32.., 1 => any::<u32>()];
    (ahead, prop_oneof![9 => 0..2000_i64, 1 => 0..1_000_000_i64], 0..5760_usize)
}

#[test]
fn whatever_comes_and_whenever_little_is_kept() {
    let config = ProptestConfig { cases: 300, ..ProptestConfig::default() };
    let packets = prop::collection::vec((packet(), 0..5_usize), 0..400);
    let little_is_kept = |packets| {
        let mut cushion = Cushion::new(Box::new(Plain::default()));
        let (mut now, mut timestamp) = (0, 0_u32);
        for ((ahead, passed, samples), blocks) in packets {
            now += passed;
            timestamp = timestamp.wrapping_add(ahead);
            cushion.put(now, timestamp, &vec![0; 2 * samples]);
            for _ in 0..blocks {
                cushion.take(now);
                now += STEP;
            }
            prop_assert!(cushion.packets.len() <= PACKETS);
            prop_assert!(cushion.pcm.len() < 3 * BLOCK + 2 * 5760, "{}", cushion.pcm.len());
        }
        Ok(())
    };
    TestRunner::new(config).run(&packets, little_is_kept).unwrap();
}
