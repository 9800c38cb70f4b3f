# nooelint: oelint.var.mandatoryvar.HOMEPAGE,oelint.var.suggestedvar.BUGTRACKER,oelint.var.bbclassextend
# SPDX-License-Identifier: MIT OR Apache-2.0
SUMMARY = "Door station: buttons call, phones answer, relays open doors"
DESCRIPTION = "A daemon that turns a Linux board into a door station. Buttons and lights are \
               GPIO lines, doors are relays, handsets are paired phones and browsers, local \
               user interfaces talk D-Bus."
SECTION = "net"
CVE_PRODUCT = "intercomd"
# The project's own. The crates that are linked in have what deny.toml allows.
LICENSE = "MIT | Apache-2.0"
LIC_FILES_CHKSUM = "\
    file://LICENSE-APACHE;md5=86d3f3a95c324c9479bd8986968f4327 \
    file://LICENSE-MIT;md5=a73c814f31c0b56907c8eca515966b0f \
"

require ${BPN}-crates.inc

inherit cargo cargo-update-recipe-crates externalsrc pkgconfig systemd useradd

EXTERNALSRC ?= "${INTERCOMD_TREE}"
# The tree stays as it is.
# nooelint: oelint.vars.mispell.unknown
EXTERNALSRC_SYMLINKS = ""

PACKAGECONFIG ??= "gpiochip media push rppal ${@bb.utils.filter('DISTRO_FEATURES', 'polkit systemd', d)}"
PACKAGECONFIG[gpiochip] = ""
PACKAGECONFIG[media] = ",,alsa-lib gstreamer1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-bad,${PN}-media"
PACKAGECONFIG[polkit] = ",,,polkit"
PACKAGECONFIG[push] = ",,,,ca-certificates"
PACKAGECONFIG[rppal] = ""
PACKAGECONFIG[systemd] = ",,systemd"

CARGO_FEATURES = "direct ${@bb.utils.filter('PACKAGECONFIG', 'gpiochip media push rppal systemd', d)}"
CARGO_BUILD_FLAGS += "--no-default-features --features '${CARGO_FEATURES}'"

# What goes where is said once, in the Makefile. Man pages and completions are made by a program
# that runs: there are none here.
do_install() {
    oe_runmake -C ${S} install \
        DESTDIR=${D} prefix=${prefix} sysconfdir=${sysconfdir} \
        libexecdir=${libexecdir} libdir=${nonarch_libdir} \
        release=${B}/target/${CARGO_TARGET_SUBDIR} docs=${B}/docs \
        media=${@bb.utils.filter('PACKAGECONFIG', 'media', d)}
    # Where /var/lib cannot be written, systemd could not make it, and the door would stay dead.
    install -d -m 0700 -o intercomd -g intercomd ${D}${localstatedir}/lib/intercomd
}

SYSTEMD_SERVICE:${PN} = "intercomd.service"

# The same as systemd/intercomd.sysusers, for a system whose /etc is made with the image.
USERADD_PACKAGES = "${PN}"
GROUPADD_PARAM:${PN} = "--system gpio; --system audio; --system video; --system intercom; --system intercomd"
USERADD_PARAM:${PN} = "--system --gid intercomd --comment 'Door station' --no-create-home \
                       --home-dir ${localstatedir}/lib/intercomd --shell ${sbindir}/nologin intercomd"

PACKAGES =+ "${PN}-media"
FILES:${PN}-media += "${libexecdir}/intercomd-media"
FILES:${PN} += "\
    ${datadir}/dbus-1 \
    ${datadir}/polkit-1 \
    ${nonarch_libdir}/sysusers.d \
    ${nonarch_libdir}/tmpfiles.d \
"
CONFFILES:${PN} = "${sysconfdir}/intercomd/intercomd.toml"

RDEPENDS:${PN} += "dbus"

# src/media/plugins.rs: NEEDED here, OPTIONAL below, of which an image gets what its distribution
# has built.
RDEPENDS:${PN}-media = "\
    gstreamer1.0 \
    gstreamer1.0-plugins-bad-dtls \
    gstreamer1.0-plugins-bad-srtp \
    gstreamer1.0-plugins-bad-webrtc \
    gstreamer1.0-plugins-base-app \
    gstreamer1.0-plugins-base-audioconvert \
    gstreamer1.0-plugins-base-audioresample \
    gstreamer1.0-plugins-base-audiotestsrc \
    gstreamer1.0-plugins-base-opus \
    gstreamer1.0-plugins-good-rtp \
    gstreamer1.0-plugins-good-rtpmanager \
    libnice \
"
RRECOMMENDS:${PN}-media = "\
    gstreamer1.0-plugins-bad-kms \
    gstreamer1.0-plugins-bad-openh264 \
    gstreamer1.0-plugins-bad-va \
    gstreamer1.0-plugins-bad-videoparsersbad \
    gstreamer1.0-plugins-bad-waylandsink \
    gstreamer1.0-plugins-base-alsa \
    gstreamer1.0-plugins-base-videoconvertscale \
    gstreamer1.0-plugins-base-videorate \
    gstreamer1.0-plugins-base-videotestsrc \
    gstreamer1.0-plugins-good-debug \
    gstreamer1.0-plugins-good-jpeg \
    gstreamer1.0-plugins-good-video4linux2 \
    gstreamer1.0-plugins-good-vpx \
    libcamera-gst \
"
