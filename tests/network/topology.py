# SPDX-License-Identifier: MIT OR Apache-2.0
"""A station and a handset in network namespaces of their own; this process is the handset."""

import os
import signal
import subprocess
import tempfile
import unittest

from handset import Handset
from stand import Namespace, Station, namespaces_are_allowed
from stand.namespace import Home

from case import CallCase

PORT = 7443


class NetworkCase(CallCase):
    """`lay_cables` makes the namespaces; everything in this process then is at the handset's."""

    def setUp(self):
        if not namespaces_are_allowed():
            if os.environ.get("CI") and os.geteuid() == 0:
                self.fail("root may not make network namespaces here")
            self.skipTest("network namespaces are not allowed here (they need root)")
        home = Home()
        self.addCleanup(home.close)
        self.addCleanup(home.enter)
        self.lay_cables()
        self.there.enter()

    async def asyncSetUp(self):
        await self.begin()
        settings = {"where": self.door, "listen": f"{self.address}:{PORT}"}
        self.station = await self.start_station(**settings, **self.station_settings)

    def namespace(self, name):
        made = Namespace(name)
        self.addCleanup(made.close)
        return made

    async def talking(self, handset):
        cid = await self.ring(handset)
        await self.connected(handset)
        await handset.accept(cid)
        await self.tones_both_ways(handset)
        return cid


class OneCable(NetworkCase):
    """The station at 10.20.0.1, the handset at 10.20.0.2."""

    address = "10.20.0.1"

    def lay_cables(self):
        self.door, self.there = self.namespace("door"), self.namespace("handset")
        self.door.connect(self.there, f"{self.address}/24", "10.20.0.2/24")

    def cut(self):
        rules = "table inet cut { chain in { type filter hook input priority 0; drop; }; }"
        for place in (self.door, self.there):
            place.run("nft", rules)

    def mend(self):
        for place in (self.door, self.there):
            place.run("nft", "delete table inet cut")


class Relay:
    """coturn between the two, who have no other way for media."""

    USER, PASSWORD = "door", "knock"

    def __init__(self, place, address):
        self._home = tempfile.TemporaryDirectory(prefix="intercomd-turn-")
        self._process = subprocess.Popen(
            place.command(
                "turnserver", "-n", "--no-cli", "--no-tls", "--no-dtls", "--lt-cred-mech",
                "--realm=test", f"--user={self.USER}:{self.PASSWORD}", "--log-file=stdout",
                f"--listening-ip={address}", f"--relay-ip={address}",
                f"--userdb={self._home.name}/users", f"--pidfile={self._home.name}/pid",
            ),
            cwd=self._home.name,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def is_alive(self):
        return self._process.poll() is None

    def close(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._home.cleanup()


class RelayBetween(NetworkCase):
    """Both reach the middle. It passes the link's TCP on, and no UDP."""

    address, middle_address = "10.21.0.2", "10.21.0.1"

    def lay_cables(self):
        self.door, self.there = self.namespace("door"), self.namespace("handset")
        self.middle = self.namespace("middle")
        self.middle.connect(self.door, f"{self.middle_address}/24", f"{self.address}/24", "door0")
        self.middle.connect(self.there, "10.22.0.1/24", "10.22.0.2/24", "handset0")
        self.door.run("ip", "route", "add", "default", "via", self.middle_address)
        self.there.run("ip", "route", "add", "default", "via", "10.22.0.1")
        self.middle.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        self.middle.run(
            "nft",
            "table inet middle { counter blocked { }; chain forward {"
            " type filter hook forward priority 0; meta l4proto udp counter name blocked drop; }; }",
        )
        self.relay = Relay(self.middle, self.middle_address)
        self.addCleanup(self.relay.close)


__all__ = ["Handset", "OneCable", "RelayBetween", "Station", "unittest"]
