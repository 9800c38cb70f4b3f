# SPDX-License-Identifier: MIT OR Apache-2.0
# A Raspberry Pi's kernel keeps the last level of a line whose owner died: a daemon killed while a
# door opens would leave it open. With strict_gpiod the line falls back at once, whatever the
# distribution: this is safety, so it is bound to no override.
def station_config(d):
    overlays = (d.getVar('INTERCOMD_OVERLAYS') or '').split()
    lines = ['[all]', 'dtparam=strict_gpiod'] + ['dtoverlay=' + name for name in overlays]
    # printf of the recipe makes lines of this.
    return ''.join('\\n' + line for line in lines)

# nooelint: oelint.vars.inconspaces,oelint.vars.mispell.unknown,oelint.vars.noncoreoverride
RPI_EXTRA_CONFIG:append = "${@station_config(d)}"
