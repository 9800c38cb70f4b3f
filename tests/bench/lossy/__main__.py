# SPDX-License-Identifier: MIT OR Apache-2.0
"""How speech comes through a bad network, with and without forward error correction, at the
station and at baresip. Reports; judges nothing."""

import os
import pathlib
import subprocess
import sys
import tempfile

import baresip
import numpy
from speech import all_of_it, sentences

HERE = pathlib.Path(__file__).parent
TROUBLES = [
    ("nothing", "none"),
    *((f"{percent} % lost, one by one", f"random:{percent}") for percent in (5, 10, 20)),
    *((f"{percent} % lost, in bursts", f"burst:{percent}") for percent in (5, 10, 20)),
    ("up to 50 ms late", "jitter:50"),
    ("300 ms later after 5 s", "step:300"),
]
WITH_AND_WITHOUT = ("fec", "plain")


def main():
    judge = sys.argv[1]
    ears = {"station": "station_call.py"}
    if baresip.is_installed():
        ears["baresip"] = "baresip_call.py"
    else:
        print("baresip is not installed: its columns will be missing", file=sys.stderr)
    columns = [(ear, coding) for ear in ears for coding in WITH_AND_WITHOUT]
    with tempfile.TemporaryDirectory(prefix="intercomd-bench-") as home:
        said = f"{home}/said.npz"
        samples, begins = all_of_it()
        ends = [begin + len(one) for begin, one in zip(begins, sentences(), strict=True)]
        numpy.savez(said, said=samples, begins=begins, ends=ends)
        print("MOS-LQO by ViSQOL, 1 to 5".ljust(30), *("-".join(it).rjust(14) for it in columns))
        for name, trouble in TROUBLES:
            heard = [f"{home}/{ear}-{coding}.npy" for ear, coding in columns]
            calls = [
                subprocess.Popen(
                    [sys.executable, HERE / ears[ear], trouble, coding, out],
                    stderr=subprocess.PIPE,
                    text=True,
                )
                for (ear, coding), out in zip(columns, heard, strict=True)
            ]
            _all_well(calls)
            print(name.ljust(30), *(f"{score:14.2f}" for score in _scores(judge, said, heard)), flush=True)


def _all_well(calls):
    for call in calls:
        told = call.communicate()[1]
        if os.environ.get("BENCH_VERBOSE"):
            print(told, end="", file=sys.stderr)
        if call.returncode:
            sys.exit(told)


def _scores(judge, said, heard):
    command = [judge, HERE / "score.py", said, *heard]
    told = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for line in told.stdout.splitlines():
        yield numpy.mean([float(score) for score in line.split()[1:]])


main()
