# SPDX-License-Identifier: MIT OR Apache-2.0
"""A virtual machine that runs scripts: boots or wakes from a snapshot, and says how a script ended."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

KERNEL = "quiet loglevel=4 panic=-1 net.ifnames=0 mitigations=off systemd.show_status=0"
# KVM is faster where it works.
ACCEL = os.environ.get("ACCEL", "tcg,thread=multi,tb-size=512")


class Kind(NamedTuple):
    """What differs between architectures. The processor is one that snapshots can be taken of."""

    program: str
    machine: str
    processor: str
    console: str
    # The second serial line: its device, and what the kernel calls it.
    line: tuple[str, str]


KINDS = {
    "amd64": Kind("x86_64", "q35", "Nehalem", "ttyS0", ("isa-serial", "ttyS1")),
    "arm64": Kind("aarch64", "virt", "cortex-a72", "ttyAMA0", ("pci-serial", "ttyS0")),
}


class Lost(Exception):
    """The machine did not answer in time, or ended by itself."""


class Panic(Lost):
    """Its kernel did not survive."""


def steadily(attempt):
    """Again after a panic, twice at most: two emulated processors are not quite up to a kernel that patches the code
    that the other one runs, and what is tried here is not that."""
    for _ in range(2):
        try:
            return attempt()
        except Panic:
            print("       the kernel panicked; once more", flush=True)
    return attempt()


def overlay(backing: Path, disk: Path) -> None:
    form = "raw" if backing.suffix == ".img" else "qcow2"
    command = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", form, "-b", backing.resolve(), disk]
    subprocess.run(command, check=True)


class Machine:
    """`tools` is there for the guest to read, and `result` to write."""

    def __init__(self, image: Path, disk: Path, tools: Path, result: Path, *, snapshot="", kernel="", clock=""):
        kind = KINDS[(image / "architecture").read_text().strip()]
        processor = "host" if ACCEL.startswith("kvm") else kind.processor
        serial, name = kind.line
        kernel = f"console={kind.console} runner={name} {KERNEL} {kernel}"
        self.directory = Path(tempfile.mkdtemp(prefix="machine-"))
        control, line = self.directory / "control", self.directory / "line"
        self.console = result / "console"
        command = [
            f"qemu-system-{kind.program}", "-M", kind.machine, "-accel", ACCEL, "-cpu", processor, "-smp", "2", "-m", "768",
            "-nodefaults", "-no-reboot", "-display", "none",
            "-kernel", image / "vmlinuz", "-initrd", image / "initrd.img", "-append", kernel,
            "-drive", f"file={disk},format=qcow2,if=none,id=disk,cache=unsafe", "-device", "virtio-blk-pci,drive=disk",
            "-virtfs", f"local,path={tools},mount_tag=tools,security_model=none,readonly=on",
            "-virtfs", f"local,path={result},mount_tag=result,security_model=none",
            "-device", "virtio-rng-pci",
            # A SCSI adapter nobody uses: the memory behind its third address range holds what the driver of an
            # I/O card writes there, so that there is a chip whose levels outlive their owner.
            "-device", "lsi53c895a",
            "-serial", f"file:{self.console}",
            "-chardev", f"socket,id=line,path={line},server=on,wait=off", "-device", f"{serial},chardev=line",
            "-qmp", f"unix:{control},server=on,wait=off",
        ]  # fmt: skip
        if snapshot:
            command += ["-loadvm", snapshot]
        if clock:
            command += ["-rtc", f"base={clock}"]
        with (result / "qemu").open("wb") as log:
            self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stderr=log)
        self.clock = clock
        self.line, self.heard = self._connect(line), ""
        self.control = self._connect(control).makefile("rw")
        self._reply()
        self._order("qmp_capabilities")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.directory)

    def _connect(self, path: Path) -> socket.socket:
        for _ in range(500):
            try:
                found = socket.socket(socket.AF_UNIX)
                found.connect(str(path))
                return found
            except OSError:
                found.close()
                if self.process.poll() is not None:
                    raise Lost(f"qemu ended with {self.process.returncode}") from None
                time.sleep(0.02)
        raise Lost("qemu does not listen")

    def _reply(self) -> dict:
        while line := self.control.readline():
            reply = json.loads(line)
            if "event" not in reply:
                return reply
        raise Lost("qemu ended")

    def _order(self, order: str, **arguments) -> dict:
        self.control.write(json.dumps({"execute": order, "arguments": arguments}) + "\n")
        self.control.flush()
        reply = self._reply()
        if "error" in reply:
            raise Lost(f"{order}: {reply['error']}")
        return reply

    def _hear(self, word: str, seconds: float) -> str:
        """The rest of the first line that begins with the word."""
        until = time.monotonic() + seconds
        while True:
            line, end, after = self.heard.partition("\n")
            if end:
                self.heard = after
                if line.startswith(word):
                    return line.removeprefix(word)
                continue
            self.line.settimeout(max(0.01, until - time.monotonic()))
            try:
                more = self.line.recv(100)
            except TimeoutError:
                raise Lost(f"no {word} after {seconds:.0f} s") from None
            if not more:
                panicked = "Kernel panic" in self.console.read_text(errors="replace")
                raise Panic("the kernel panicked") if panicked else Lost("the machine went off")
            self.heard += more.decode(errors="replace").replace("\r", "")

    def ready(self, seconds: float = 300) -> None:
        """After a boot. Who wakes from a snapshot is ready."""
        self._hear("READY", seconds)

    def run(self, script: str, seconds: float) -> int:
        now = "-" if self.clock else int(time.time())
        self.line.sendall(f"{now} {script}\n".encode())
        return int(self._hear("STATUS", seconds))

    def save(self, name: str) -> None:
        said = self._order("human-monitor-command", **{"command-line": f"savevm {name}"})
        if said["return"].strip():
            raise Lost(f"savevm: {said['return']}")

    def off(self) -> None:
        self._order("quit")
        self.process.wait()
