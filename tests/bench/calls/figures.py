# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the kernel knows of a process, and how samples are told."""

import pathlib
import time


def spread(seconds):
    """The smallest, some in between and the largest, in milliseconds."""
    ordered = sorted(second for second in seconds if second is not None)
    if not ordered:
        return "nothing was heard"

    def at(permille):
        return ordered[min(len(ordered) * permille // 1000, len(ordered) - 1)] * 1e3

    told = "  ".join(
        f"{name} {at(permille):.1f}"
        for name, permille in [("min", 0), ("p50", 500), ("p90", 900), ("p99", 990), ("max", 1000)]
    )
    return f"{told} ms  (n={len(ordered)} of {len(seconds)})"


def cpu_seconds(pid):
    """Of all its threads, also those that ended: the kernel's own clock for the process."""
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9


def number(pid, file, key):
    for line in pathlib.Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1])
    return 0


def children(pid):
    found = []
    for place in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(parent) == pid:
            found.append(int(place.name))
    return found


def held(pid):
    """What a process that leaks has more of."""
    return {
        "handles": len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir())),
        "threads": number(pid, "status", "Threads:"),
        "RSS kB": number(pid, "status", "VmRSS:"),
        "PSS kB": number(pid, "smaps_rollup", "Pss:"),
        "anonymous kB": number(pid, "smaps_rollup", "Anonymous:"),
    }


def name(pid):
    return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()


class Load:
    """CPU since it was made, and memory at the end."""

    def __init__(self, label, pid):
        self.label, self.pid = label, pid
        self._began, self._spent = time.monotonic(), cpu_seconds(pid)

    def row(self):
        lasted = time.monotonic() - self._began
        spent = (cpu_seconds(self.pid) - self._spent) * 60 / lasted
        pss, rss = number(self.pid, "smaps_rollup", "Pss:"), number(self.pid, "status", "VmRSS:")
        threads = number(self.pid, "status", "Threads:")
        return f"  {self.label:<30} {spent:>8.2f} {pss:>8} {rss:>8} {threads:>8}"


HEADER = "                               CPU s/min   PSS kB   RSS kB  threads"
