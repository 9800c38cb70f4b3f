# SPDX-License-Identifier: MIT OR Apache-2.0
"""A private message bus and the station's objects on it."""

import subprocess

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from handset.deadlines import SOON, deadline

STATION = "org.intercomd1"
ROOT = "/org/intercomd1"
SIMULATOR = "org.intercomd1.Simulator"


class BusError(Exception):
    def __init__(self, name, text):
        super().__init__(f"{name}: {text}")
        self.name = name


class Bus:
    """A socket with a path, so that it can be reached from every network namespace."""

    def __init__(self, home):
        self.address = f"unix:path={home}/bus"
        self._daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]
            + [f"--address={self.address}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._daemon.stdout.readline()
        self._client = None

    async def connect(self):
        async with deadline(SOON, "a connection to the bus"):
            self._client = await MessageBus(bus_address=self.address).connect()

    async def call(self, path, interface, member, signature="", *arguments, service=STATION):
        message = Message(
            destination=service,
            path=path,
            interface=interface,
            member=member,
            signature=signature,
            body=list(arguments),
        )
        async with deadline(SOON, f"a reply to {member}{arguments} of {path}"):
            reply = await self._client.call(message)
        if reply.message_type is MessageType.ERROR:
            raise BusError(reply.error_name, *reply.body[:1])
        return reply.body

    async def has(self, name):
        bus = "org.freedesktop.DBus"
        [there] = await self.call("/", bus, "NameHasOwner", "s", name, service=bus)
        return there

    async def read(self, path, interface, name):
        properties = "org.freedesktop.DBus.Properties"
        [value] = await self.call(path, properties, "Get", "ss", interface, name)
        return value.value

    async def station(self, member, signature="", *arguments):
        return await self.call(ROOT, f"{STATION}.Station", member, signature, *arguments)

    async def simulate(self, member, signature="", *arguments):
        path = f"{ROOT}/Simulator"
        return await self.call(path, SIMULATOR, member, signature, *arguments, service=SIMULATOR)

    def close(self):
        if self._client is not None:
            self._client.disconnect()
        self._daemon.kill()
        self._daemon.wait()
        self._daemon.stdout.close()


def options(**values):
    kinds = {str: "s", int: "u", list: "as"}
    return {name: Variant(kinds[type(value)], value) for name, value in values.items()}
