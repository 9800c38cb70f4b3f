// SPDX-License-Identifier: MIT OR Apache-2.0
//! Listens, and says when it hears something else than before.

use std::sync::{Arc, Mutex};

use crate::tone::{SILENCE, WINDOW, is_tone, power, samples};

/// What the street says, what the handset says, and nothing.
const TONES: [f32; 2] = [1000.0, 440.0];

#[derive(Clone, Debug, Default)]
pub(crate) struct Ear(Arc<Mutex<(Vec<f32>, Option<String>)>>);

fn word(window: &[f32]) -> Option<String> {
    if power(window) < SILENCE {
        return Some("nothing".to_owned());
    }
    TONES.into_iter().find(|hz| is_tone(window, *hz)).map(|hz| hz.to_string())
}

impl Ear {
    pub(crate) fn hear(&self, pcm: &[u8]) {
        let (window, last) = &mut *self.0.lock().unwrap();
        window.extend(samples(pcm));
        while window.len() >= WINDOW {
            let heard = word(&window[..WINDOW]);
            window.drain(..WINDOW / 2);
            if let Some(heard) = heard
                && last.as_ref() != Some(&heard)
            {
                println!("hears {heard}");
                *last = Some(heard);
            }
        }
    }
}
