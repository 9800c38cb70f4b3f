# SPDX-License-Identifier: MIT OR Apache-2.0
# /etc is an overlay too: settings outlive the system that they were made on.
# nooelint: oelint.vars.specific - rpi is of meta-raspberrypi
IMAGE_FEATURES:append:rpi = " overlayfs-etc"
OVERLAYFS_ETC_MOUNT_POINT = "/data"
OVERLAYFS_ETC_FSTYPE = "ext4"
OVERLAYFS_ETC_DEVICE = "/dev/mmcblk0p3"
OVERLAYFS_ETC_MOUNT_OPTIONS = "noatime"
# The image has these directories, and stays read-only from its first moment.
OVERLAYFS_ETC_CREATE_MOUNT_DIRS = "0"

# nooelint: oelint.vars.specific
WKS_FILE:rpi := "${THISDIR}/intercomd-raspberrypi.wks"
# nooelint: oelint.vars.specific
IMAGE_FSTYPES:rpi = "wic.bz2 wic.bmap"

# The names of hw/overlays/*.dts, without the ending, that INTERCOMD_OVERLAYS asks for.
def overlay_files(d):
    names = (d.getVar('INTERCOMD_OVERLAYS') or '').split()
    return ' '.join('devicetree/%s.dtbo;overlays/%s.dtbo' % (name, name) for name in names)

# nooelint: oelint.vars.specific
IMAGE_BOOT_FILES:append:rpi = " ${@overlay_files(d)}"
# nooelint: oelint.vars.mispell.unknown
do_image_wic[depends] += "${@'intercomd-overlays:do_deploy' if d.getVar('INTERCOMD_OVERLAYS') else ''}"
