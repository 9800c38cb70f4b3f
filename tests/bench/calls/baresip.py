# SPDX-License-Identifier: MIT OR Apache-2.0
"""baresips, and two of them in an Opus call on loopback: one hums, the other says what it hears."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

from stand.namespace import Home

CONFIG = """\
poll_method epoll
sip_listen {address}:{sip}
sip_trans_def udp
net_interface {address}
module_path /usr/lib/baresip/modules
module opus.so
module ausine.so
module aubridge.so
module_tmp account.so
module_app ctrl_tcp.so
module_app menu.so
ctrl_tcp_listen 127.0.0.1:{control}
audio_source {source}
audio_player {player}
audio_alert aubridge,alert
opus_stereo {stereo}
opus_sprop_stereo {stereo}
opus_bitrate {bitrate}
ringback_disabled yes
statmode_default off
{more}
"""


class Baresip:
    """`where` is a network namespace; `None` is our own."""

    def __init__(self, name, sip, control, source, bitrate, account="", *, address="127.0.0.1",
                 where=None, player="aubridge,loop", more="opus_inbandfec yes"):
        self._home = tempfile.TemporaryDirectory(prefix="intercomd-bench-")
        home = pathlib.Path(self._home.name)
        settings = dict(sip=sip, control=control, source=source, bitrate=bitrate)
        settings |= dict(address=address, player=player, more=more)
        # The sine is made for two ears only.
        settings["stereo"] = "yes" if source.startswith("ausine") else "no"
        (home / "config").write_text(CONFIG.format(**settings))
        (home / "accounts").write_text(f"<sip:{name}@{address}:{sip}>;regint=0{account}\n")
        (home / "contacts").write_text("")
        # It reads commands from its input and ends with it.
        self._process = subprocess.Popen(
            where.command("baresip", "-f", home) if where else ["baresip", "-f", home],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.pid = self._process.pid
        self._control = self._connect(control, where)

    def _connect(self, port, where):
        here = Home()
        if where:
            where.enter()
        try:
            return self._knock(port)
        finally:
            here.enter()
            here.close()

    @staticmethod
    def _knock(port):
        ends = time.monotonic() + 10
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=10)
            except OSError:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.05)

    def dial(self, address):
        command = json.dumps({"command": "dial", "params": address}).encode()
        self._control.sendall(b"%d:%s," % (len(command), command))
        heard = b""
        while b"CALL_RTPESTAB" not in heard:
            heard += self._control.recv(4096)

    def close(self):
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._home.cleanup()


class Call:
    """`pid` is of the one that decodes and encodes, as a station does."""

    def __init__(self, bitrate):
        self._echo = Baresip("echo", 5080, 4442, "aubridge,loop", bitrate, ";answermode=auto")
        self._humming = Baresip("humming", 5070, 4441, "ausine,440", bitrate)
        self.pid = self._echo.pid
        try:
            self._humming.dial("sip:echo@127.0.0.1:5080")
        except OSError:
            self.close()
            raise

    def close(self):
        self._humming.close()
        self._echo.close()


def is_installed():
    return shutil.which("baresip") is not None and os.path.isdir("/usr/lib/baresip/modules")
