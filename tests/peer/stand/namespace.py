# SPDX-License-Identifier: MIT OR Apache-2.0
"""Network namespaces that end with this process, however it ends."""

import ctypes
import os
import subprocess
import time

_CLONE_NEWNET = 0x40000000


def namespaces_are_allowed():
    return subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode == 0


class Namespace:
    """Lives as long as a `cat` that ends when our end of its pipe closes."""

    def __init__(self, name):
        self.name = name
        self._holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "echo; exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._holder.stdout.readline()
        self.run("ip", "link", "set", "lo", "up")

    @property
    def pid(self):
        return self._holder.pid

    def command(self, *command):
        return ["nsenter", f"--net=/proc/{self.pid}/ns/net", *command]

    def run(self, *command, **more):
        return subprocess.run(self.command(*command), check=True, text=True, **more)

    def output(self, *command):
        return self.run(*command, stdout=subprocess.PIPE).stdout

    def enter(self):
        """Moves this thread: what it opens from now on, and its children, are in there."""
        with open(f"/proc/{self.pid}/ns/net") as namespace:
            if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), _CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), f"setns {self.name}")

    def connect(self, other, mine, theirs, device="eth0", peer="eth0"):
        """A cable between the two, with an address on each end (or none)."""
        pair = ["ip", "link", "add", device, "type", "veth", "peer", "name", peer]
        self.run(*pair, "netns", str(other.pid))
        self.up(device, mine)
        other.up(peer, theirs)
        self.wait_for(device)
        other.wait_for(peer)

    def up(self, device, *addresses):
        for address in filter(None, addresses):
            self.run("ip", "address", "add", address, "dev", device)
        self.run("ip", "link", "set", device, "up")

    def wait_for(self, device):
        """The kernel takes up to a second to say that a cable is plugged in, and ICE believes it."""
        ends = time.monotonic() + 10
        while "state UP" not in self.output("ip", "link", "show", "dev", device):
            if time.monotonic() > ends:
                raise TimeoutError(f"{device} of {self.name} does not come up")
            time.sleep(0.02)

    def close(self):
        self._holder.stdin.close()
        self._holder.wait(5)
        self._holder.stdout.close()


class Home:
    """The namespace that this process was born in, to come back to."""

    def __init__(self):
        self._home = os.open("/proc/self/ns/net", os.O_RDONLY)

    def enter(self):
        if ctypes.CDLL(None, use_errno=True).setns(self._home, _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns back")

    def close(self):
        os.close(self._home)


_house = None


def stay_off_the_network():
    """Everything happens in a network namespace with one address, where that is allowed."""
    global _house
    if _house is None and namespaces_are_allowed():
        _house = Namespace("house")
        _house.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "far")
        _house.up("far")
        _house.up("eth0", "10.20.0.1/24")
        _house.wait_for("eth0")
        _house.enter()
