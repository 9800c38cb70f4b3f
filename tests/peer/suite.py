# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs the tests that the arguments name, as `python -m unittest` does."""

import asyncio
import contextlib
import faulthandler
import os
import signal
import sys
import unittest


def tell_and_end(_signal, _frame):
    """`run` ends a suite that takes too long: not without a word about what waits, and where."""
    faulthandler.dump_traceback()
    with contextlib.suppress(RuntimeError):  # No loop runs.
        for task in asyncio.all_tasks():
            task.print_stack()
    sys.stderr.flush()
    os._exit(1)


signal.signal(signal.SIGTERM, tell_and_end)
program = unittest.main(module=None, exit=False)
sys.stdout.flush()
sys.stderr.flush()
# Not sys.exit: threads of the media libraries can keep the interpreter from ever ending.
os._exit(0 if program.result.wasSuccessful() and program.result.testsRun else 1)
