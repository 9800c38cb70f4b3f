// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who sees what.

use intercomd::{
    core::{event::LegFact, status::Gate},
    media::setup::{Screen, Setup, VideoSource},
    session::{
        VideoCodec::{self, H264, Vp8},
        Wants,
    },
};

use crate::{
    door::{Door, leg, setup, video, wants},
    peer::{HANDSET_HZ, Manners},
};

fn with_video(codec: VideoCodec) -> Setup {
    Setup { video: Some(video(codec)), ..setup() }
}

/// How many threads of the worker have that name.
fn threads(door: &Door, name: &str) -> usize {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", door.worker.id())).unwrap();
    let names = tasks.map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")));
    names.filter(|read| read.as_ref().is_ok_and(|read| read.trim() == name)).count()
}

#[test]
fn a_handset_sees_moving_pictures_before_it_answers_in_vp8() {
    let mut door = Door::in_call(with_video(Vp8));
    let anna = door.connected("anna", wants(&[H264, Vp8]), true);
    door.peer(&anna).eye.sees(20);
    door.peer(&anna).ear.hears_silence();
}

#[test]
fn a_handset_sees_moving_pictures_before_it_answers_in_h264() {
    let mut door = Door::in_call(with_video(H264));
    let anna = door.connected("anna", wants(&[Vp8, H264]), true);
    door.peer(&anna).eye.sees(20);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
    door.peer(&anna).eye.sees(20);
}

#[test]
fn without_the_right_to_preview_nothing_is_seen_before_the_gate_opens() {
    let mut door = Door::in_call(with_video(Vp8));
    let anna = door.connected("anna", wants(&[Vp8]), true);
    let ben = door.connected("ben", wants(&[Vp8]), false);
    door.peer(&anna).eye.sees(30);
    door.peer(&ben).ear.hears_silence();
    assert_eq!(door.peer(&ben).eye.count(), 0);
    door.gate(&ben, Gate::Open);
    door.peer(&ben).eye.sees(10);
    door.gate(&ben, Gate::Closed);
    door.settle();
    door.peer(&anna).eye.sees(15);
    let seen = door.peer(&ben).eye.count();
    door.peer(&anna).eye.sees(30);
    assert_eq!(door.peer(&ben).eye.count(), seen);
}

#[test]
fn two_viewers_share_one_encoder_and_the_second_need_not_wait_for_its_first_whole_picture() {
    let mut door = Door::in_call(with_video(H264));
    let anna = door.connected("anna", wants(&[H264]), true);
    door.peer(&anna).eye.sees(15);
    let ben = door.connected("ben", wants(&[H264]), true);
    door.peer(&ben).eye.sees(1);
    let before = door.peer(&anna).eye.count();
    // By itself the encoder would make the next one as picture number 150.
    assert!(before < 120, "{before}");
    door.peer(&ben).eye.sees(15);
    assert_eq!(threads(&door, "pictures:src"), 1);
}

#[test]
fn whoever_cannot_decode_gets_a_whole_picture_but_not_one_for_each_time_it_asks() {
    let mut door = Door::in_call(with_video(Vp8));
    let anna = door.connected("anna", wants(&[Vp8]), true);
    door.peer(&anna).eye.sees(20);
    let before = door.peer(&anna).eye.keys();
    door.peer(&anna).wants_key_frame();
    door.peer(&anna).eye.sees(30);
    assert_eq!(door.peer(&anna).eye.keys(), before + 1);
    for _ in 0..15 {
        door.peer(&anna).wants_key_frame();
        door.peer(&anna).eye.sees(1);
    }
    let asked = door.peer(&anna).eye.keys() - before - 1;
    assert!((1..15).contains(&asked), "{asked}");
}

#[test]
fn a_handset_without_a_codec_of_ours_gets_a_call_for_the_ear() {
    let mut door = Door::in_call(with_video(Vp8));
    let anna = leg("anna");
    door.open(&anna, wants(&[H264]), true, Manners::default());
    let (_, offer) = door.until_offer(&anna);
    assert!(!offer.contains("m=video"));
    door.until_fact(&anna, LegFact::MediaConnected);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
}

#[test]
fn a_camera_that_is_not_there_leaves_a_call_for_the_ear() {
    let source = VideoSource::V4l2("/dev/video-that-is-not-there".into());
    let setup =
        Setup { video: Some(intercomd::media::setup::Video { source, ..video(Vp8) }), ..setup() };
    let mut door = Door::in_call(setup);
    let anna = door.connected("anna", wants(&[Vp8]), true);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
    assert_eq!(door.peer(&anna).eye.count(), 0);
}

#[test]
fn a_station_with_a_screen_decodes_the_handsets_picture_only_behind_an_open_gate() {
    let setup = Setup { screen: Screen::Hidden, ..with_video(Vp8) };
    let mut door = Door::in_call(setup);
    let anna = leg("anna");
    let manners = Manners { camera: true, ..Manners::default() };
    let wants = Wants { camera: true, ..wants(&[Vp8]) };
    door.open(&anna, wants, true, manners);
    let (_, offer) = door.until_offer(&anna);
    let (_, video) = offer.split_once("m=video").unwrap();
    assert!(video.contains("a=sendrecv"));
    door.until_fact(&anna, LegFact::MediaConnected);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
    door.peer(&anna).eye.sees(15);
}
