# nooelint: oelint.var.suggestedvar.BUGTRACKER,oelint.var.suggestedvar.CVE_PRODUCT
# SPDX-License-Identifier: MIT OR Apache-2.0
SUMMARY = "A read-only system that is a door station and nothing else"
DESCRIPTION = "Boots into intercomd. Settings and state are on a partition of their own. Nobody \
               can log in and nothing listens but the station, until the one who builds it \
               says otherwise."
SECTION = "base"
LICENSE = "MIT | Apache-2.0"

inherit core-image extrausers features_check

REQUIRED_DISTRO_FEATURES = "systemd"

IMAGE_FEATURES += "read-only-rootfs"
# The template of local.conf lets root in without a password: here that takes a line that names
# this image.
EXTRA_IMAGE_FEATURES = ""
IMAGE_LINGUAS = ""
CORE_IMAGE_EXTRA_INSTALL += "packagegroup-intercomd"

ROOTFS_POSTPROCESS_COMMAND += "make_data_mount_point"
make_data_mount_point[doc] = "Makes the directory that the partition for settings and state is mounted on"
make_data_mount_point() {
    install -d ${IMAGE_ROOTFS}/data
}
