# SPDX-License-Identifier: MIT OR Apache-2.0
"""A real station to test against: its own bus, state, network and sound."""

from .namespace import Namespace, namespaces_are_allowed, stay_off_the_network
from .station import Station
from .waiting import until

__all__ = ["Namespace", "Station", "namespaces_are_allowed", "stay_off_the_network", "until"]
