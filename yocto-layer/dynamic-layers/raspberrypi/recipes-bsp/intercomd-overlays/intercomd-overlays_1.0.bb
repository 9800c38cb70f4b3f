# nooelint: oelint.var.mandatoryvar.HOMEPAGE,oelint.var.suggestedvar.BUGTRACKER,oelint.var.suggestedvar.CVE_PRODUCT,oelint.var.bbclassextend
# SPDX-License-Identifier: MIT OR Apache-2.0
SUMMARY = "Device tree overlays for the wiring of a door station"
DESCRIPTION = "Makes hw/overlays/*.dts, for the boot partition of a Raspberry Pi."
SECTION = "bsp"
LICENSE = "MIT | Apache-2.0"
LIC_FILES_CHKSUM = "file://LICENSE-MIT;md5=a73c814f31c0b56907c8eca515966b0f"

inherit devicetree externalsrc

# No board's own tree, which the class thinks of.
PROVIDES = "${PN}"

SRC_URI = ""
EXTERNALSRC = "${INTERCOMD_TREE}"
# nooelint: oelint.vars.mispell.unknown
EXTERNALSRC_SYMLINKS = ""

# nooelint: oelint.vars.mispell
DT_FILES_PATH = "${S}/hw/overlays"
# No includes of a kernel's.
# nooelint: oelint.vars.mispell.unknown
KERNEL_INCLUDE = ""

COMPATIBLE_MACHINE = "^rpi$"
