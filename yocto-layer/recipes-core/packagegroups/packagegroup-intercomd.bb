# nooelint: oelint.var.suggestedvar.BUGTRACKER
# SPDX-License-Identifier: MIT OR Apache-2.0
SUMMARY = "What a system needs to be a door station"
DESCRIPTION = "The daemon with its client and its media worker, and the time zones for quiet hours."
SECTION = "base"

inherit packagegroup

RDEPENDS:${PN} = "\
    intercomd \
    tzdata \
"
