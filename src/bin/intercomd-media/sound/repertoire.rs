// SPDX-License-Identifier: MIT OR Apache-2.0
//! What each sound and tone is at this station. Files are read once, when the worker starts: what
//! is to be heard at a press is there.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use intercomd::{
    core::status::{Sound, Tone},
    media::{
        sounds::{self, Own, Sounds, Unusable},
        wav::Wav,
    },
};

use super::{panel::gain, resample, voice::Voice};

/// As it is built in where nothing else is said.
#[derive(Debug, Default)]
pub(crate) struct Repertoire {
    sounds: BTreeMap<Sound, Part>,
    tones: BTreeMap<Tone, Part>,
}

#[derive(Debug)]
struct Part {
    recording: Option<Arc<[f32]>>,
    gain: f32,
}

impl Repertoire {
    pub(crate) fn read(own: &Sounds) -> Self {
        let sounds = own.once.iter().map(|(sound, own)| {
            let read = match sound {
                Sound::Monitored => sounds::notice,
                Sound::Activated
                | Sound::Connected
                | Sound::DoorOpen
                | Sound::Failed
                | Sound::Refused
                | Sound::Warning => sounds::recording,
            };
            (*sound, Part::read(sound.word(), own, read))
        });
        let tones = own.lasting.iter();
        let tones =
            tones.map(|(tone, own)| (*tone, Part::read(tone.word(), own, sounds::recording)));
        Self { sounds: sounds.collect(), tones: tones.collect() }
    }

    pub(super) fn sound(&self, sound: Sound) -> Voice {
        let Some(part) = self.sounds.get(&sound) else { return Voice::of_sound(sound) };
        let voice = match &part.recording {
            Some(samples) => Voice::of_recording(samples, false),
            None => Voice::of_sound(sound),
        };
        match sound {
            // Whatever the setup says.
            Sound::Monitored => voice,
            Sound::Activated
            | Sound::Connected
            | Sound::DoorOpen
            | Sound::Failed
            | Sound::Refused
            | Sound::Warning => voice.softer(part.gain),
        }
    }

    pub(super) fn tone(&self, tone: Tone) -> Voice {
        let part = match tone {
            // Whatever the setup says.
            Tone::Monitor => None,
            Tone::Ring | Tone::Ringback => self.tones.get(&tone),
        };
        let Some(part) = part else { return Voice::of_tone(tone) };
        let voice = match &part.recording {
            Some(samples) => Voice::of_recording(samples, true),
            None => Voice::of_tone(tone),
        };
        voice.softer(part.gain)
    }
}

impl Part {
    fn read(name: &str, own: &Own, read: fn(&Path) -> Result<Wav, Unusable>) -> Self {
        let read = |path: &PathBuf| match read(path) {
            Ok(wav) => Some(resample::to_ours(&wav).into()),
            Err(error) => {
                let file = path.display();
                tracing::warn!(sound = name, %file, %error, "the built-in sound is heard");
                None
            }
        };
        Self { recording: own.file.as_ref().and_then(read), gain: gain(own.volume) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn own(volume: u8) -> Own {
        Own { file: Some("/no/such/file.wav".into()), volume, lasts: Duration::ZERO }
    }

    fn all(volume: u8) -> Repertoire {
        Repertoire::read(&Sounds {
            once: Sound::ALL.iter().map(|sound| (*sound, own(volume))).collect(),
            lasting: Tone::ALL.iter().map(|tone| (*tone, own(volume))).collect(),
        })
    }

    #[test]
    fn a_file_that_is_not_there_leaves_the_built_in_sound() {
        let repertoire = all(100);
        for sound in Sound::ALL {
            assert!(repertoire.sound(*sound).eq(Voice::of_sound(*sound)), "{sound}");
        }
        for tone in Tone::ALL {
            let second = |voice: Voice| voice.take(48_000).collect::<Vec<_>>();
            assert_eq!(second(repertoire.tone(*tone)), second(Voice::of_tone(*tone)), "{tone}");
        }
    }

    #[test]
    fn only_what_tells_of_a_listener_stays_as_loud_as_it_is() {
        let repertoire = all(0);
        let is_heard = |voice: Voice| voice.take(48_000).any(|value| value.abs() > 0.1);
        let sounds = Sound::ALL.iter().filter(|sound| is_heard(repertoire.sound(**sound)));
        assert_eq!(sounds.collect::<Vec<_>>(), [&Sound::Monitored]);
        let tones = Tone::ALL.iter().filter(|tone| is_heard(repertoire.tone(**tone)));
        assert_eq!(tones.collect::<Vec<_>>(), [&Tone::Monitor]);
    }
}
