// SPDX-License-Identifier: MIT OR Apache-2.0
//! The plugins of GStreamer that a worker uses. Looking through these alone, instead of all that
//! a distribution has, makes its first start ten times as quick.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Without one of these there is no call.
pub const NEEDED: &[&str] = &[
    "libgstapp.so",
    "libgstaudioconvert.so",
    "libgstaudioresample.so",
    "libgstaudiotestsrc.so",
    "libgstcoreelements.so",
    "libgstdtls.so",
    "libgstnice.so",
    "libgstopus.so",
    "libgstrtp.so",
    "libgstrtpmanager.so",
    "libgstsrtp.so",
    "libgstwebrtc.so",
];

/// Used where they exist, for devices and codecs that not every station has.
pub const OPTIONAL: &[&str] = &[
    "libgstalsa.so",
    "libgstdebug.so",
    "libgstjpeg.so",
    "libgstkms.so",
    "libgstlibcamera.so",
    "libgstopenh264.so",
    "libgstva.so",
    "libgstvideo4linux2.so",
    "libgstvideoconvertscale.so",
    "libgstvideoparsersbad.so",
    "libgstvideorate.so",
    "libgstvideotestsrc.so",
    "libgstvpx.so",
    "libgstwaylandsink.so",
];

/// Where Debian, others and a local build have GStreamer's plugins.
#[must_use]
pub fn places() -> Vec<PathBuf> {
    let triplet = match env::consts::ARCH {
        "arm" => "arm-linux-gnueabihf".to_owned(),
        arch => format!("{arch}-linux-gnu"),
    };
    let told = env::var_os("GST_PLUGIN_SYSTEM_PATH_1_0");
    let told = told.as_deref().map(env::split_paths).into_iter().flatten();
    let usual = [format!("/usr/lib/{triplet}"), "/usr/lib64".to_owned(), "/usr/lib".to_owned()];
    told.chain(usual.map(|lib| Path::new(&lib).join("gstreamer-1.0"))).collect()
}
