// SPDX-License-Identifier: MIT OR Apache-2.0
//! The station's own sounds and tones, where they are not as they are built in.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::wav::{self, Wav};
use crate::core::status::{Sound, Tone};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sounds {
    pub once: BTreeMap<Sound, Own>,
    pub lasting: BTreeMap<Tone, Own>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    /// Without one it is the built-in sound.
    pub file: Option<PathBuf>,
    /// The share of the station's volume that it gets, in percent.
    pub volume: u8,
    /// How long the file is, where somebody has looked.
    #[serde(default)]
    pub lasts: Duration,
}

impl Sounds {
    /// Whoever plays it must not leave earlier.
    #[must_use]
    pub fn lasts(&self, sound: Sound) -> Duration {
        self.once.get(&sound).map_or(Duration::ZERO, |own| own.lasts)
    }

    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let all = self.once.values().chain(self.lasting.values());
        all.filter_map(|own| own.file.as_deref())
    }
}

/// What a file has to be.
pub const FORM: &str =
    "a WAV file of 16 bits, mono or stereo, 8000 to 48000 Hz, up to 30 s long and not silent";
const SECONDS_MAX: usize = 30;
/// More than so many seconds in any form, so that a file of which this is the beginning is too long.
const FILE_MAX: u64 = 8 * 1024 * 1024;
/// How long a visitor needs to notice it.
const NOTICE_MIN: Duration = Duration::from_millis(500);

#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error("cannot be read: {0}")]
    File(#[from] io::Error),
    #[error("has another form")]
    Form,
    #[error("is too long")]
    TooLong,
    #[error("is all but silent")]
    Silent,
    #[error("is heard for less than half a second")]
    TooShort,
}

pub fn recording(path: &Path) -> Result<Wav, Unusable> {
    // Opening a pipe would wait for a writer.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file").into());
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_MAX).read_to_end(&mut bytes)?;
    let wav = wav::parse(&bytes).ok_or(Unusable::Form)?;
    if wav.samples.len() > SECONDS_MAX * usize::try_from(wav.rate).unwrap_or(usize::MAX) {
        return Err(Unusable::TooLong);
    }
    if wav.heard_for().is_zero() {
        return Err(Unusable::Silent);
    }
    Ok(wav)
}

/// What tells of a listener.
pub fn notice(path: &Path) -> Result<Wav, Unusable> {
    let wav = recording(path)?;
    if wav.heard_for() < NOTICE_MIN {
        return Err(Unusable::TooShort);
    }
    Ok(wav)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::wav::tests::wav;

    type Reader = fn(&Path) -> Result<Wav, Unusable>;

    fn said(read: Reader, bytes: &[u8]) -> Result<usize, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        read(file.path()).map(|wav| wav.samples.len()).map_err(|error| error.to_string())
    }

    fn hum(loud: i16, samples: usize) -> Vec<i16> {
        (0..samples).map(|at| if at % 16 < 8 { loud } else { -loud }).collect()
    }

    #[test]
    fn a_sound_lasts_half_a_minute_at_most_and_can_be_heard() {
        let sound = |bytes: &[u8]| said(recording, bytes);
        let silent = Err("is all but silent".to_owned());
        assert_eq!(sound(&wav(1, 8_000, &hum(9000, 240_000))), Ok(240_000));
        assert_eq!(sound(&wav(1, 8_000, &hum(9000, 240_001))), Err("is too long".to_owned()));
        assert_eq!(sound(&wav(2, 48_000, &hum(9000, 5_000_000))), Err("is too long".to_owned()));
        assert_eq!(sound(&wav(1, 8_000, &hum(900, 8_000))), silent);
        // It moves the loudspeaker once.
        assert_eq!(sound(&wav(1, 8_000, &[20_000; 8_000])), silent);
        assert_eq!(sound(&wav(1, 8_000, &[])), silent);
        assert_eq!(sound(b"OggS"), Err("has another form".to_owned()));
    }

    #[test]
    fn a_notice_is_heard_for_half_a_second() {
        let told = |samples: &[i16]| said(notice, &wav(1, 8_000, samples));
        assert_eq!(told(&hum(9000, 4000)), Ok(4000));
        let short = Err("is heard for less than half a second".to_owned());
        assert_eq!(told(&hum(9000, 3800)), short);
        assert_eq!(told(&[hum(9000, 400), vec![0; 8000]].concat()), short);
        assert_eq!(told(&[9000]), Err("is all but silent".to_owned()));
    }

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let error = recording(Path::new("/dev/zero")).unwrap_err().to_string();
        assert_eq!(error, "cannot be read: it is no file");
        let error = recording(Path::new("/no/such/chime.wav")).unwrap_err().to_string();
        assert!(error.starts_with("cannot be read: No such file"), "{error}");
    }
}
