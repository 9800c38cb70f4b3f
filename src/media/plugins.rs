// SPDX-License-Identifier: MIT OR Apache-2.0
//! The plugins of GStreamer that a worker uses. Looking through these alone, instead of all that
//! a distribution has, makes its first start ten times as quick.

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
