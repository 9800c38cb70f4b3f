# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs the tests that the arguments name, as `python -m unittest` does."""

import os
import sys
import unittest

program = unittest.main(module=None, exit=False)
sys.stdout.flush()
sys.stderr.flush()
# Not sys.exit: threads of the media libraries can keep the interpreter from ever ending.
os._exit(0 if program.result.wasSuccessful() and program.result.testsRun else 1)
