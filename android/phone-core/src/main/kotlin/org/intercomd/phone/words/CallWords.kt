// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.words

enum class Direction(override val word: String) : Word {
    /** The station calls handsets. */
    Outgoing("outgoing"),

    /** A handset calls the station. */
    Incoming("incoming"),
}

enum class Media(override val word: String) : Word {
    Audio("audio"),
    Video("video"),
}

enum class MediaState(override val word: String) : Word {
    /** Nothing is set up yet. */
    None("none"),
    Connecting("connecting"),
    Connected("connected"),

    /** Was connected; it may come back, or another session takes its place. */
    Lost("lost"),
}

enum class DialKind(override val word: String) : Word {
    Talk("talk"),
    Monitor("monitor"),
}

enum class VideoCodec(override val word: String) : Word {
    Vp8("vp8"),
    H264("h264"),
}

/** Why a handset has no session. */
enum class NoSession(override val word: String) : Word {
    IceFailed("ice_failed"),
    IceTimeout("ice_timeout"),
    BadDescription("bad_description"),
    NoUserMedia("no_user_media"),
    OutOfResources("out_of_resources"),
    Untrusted("untrusted"),
}

/** What a handset may do. */
enum class Right(override val word: String) : Word {
    /** To be rung, to accept, to dial the station. */
    Answer("answer"),

    /** A picture before it accepts. */
    Preview("preview"),

    /** To listen in. */
    Monitor("monitor"),
    Admin("admin"),
}
