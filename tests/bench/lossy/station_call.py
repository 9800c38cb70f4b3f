# SPDX-License-Identifier: MIT OR Apache-2.0
"""One call with the station on a bad wire: a handset speaks, the door's loudspeaker is a file."""

import asyncio
import sys

import aiortc.codecs.opus as opus
import av
import numpy
from answering import answered
from speech import RATE, Speaker, all_of_it
from stand import Namespace, Station
from wire import Wire

from handset import Handset

BITRATE = 32_000


class Encoder(opus.OpusEncoder):
    """As a browser's: mono, for a voice, at the station's bit rate."""

    forward_error_correction = True

    def __init__(self):
        super().__init__()
        self.codec.bit_rate, self.codec.layout = BITRATE, "mono"
        fec = {"fec": "1", "packet_loss": "10"} if self.forward_error_correction else {}
        self.codec.options = {"application": "voip", **fec}
        self.resampler = av.AudioResampler("s16", "mono", RATE, opus.SAMPLES_PER_FRAME)


async def call(trouble, fec):
    Encoder.forward_error_correction = fec
    import aiortc.codecs

    aiortc.codecs.OpusEncoder = Encoder
    said, _ = all_of_it()
    door, there = Namespace("door"), Namespace("handset")
    wire = Wire(door, there, trouble)
    there.enter()
    where = {"where": door, "listen": "10.30.0.1:7443", "capture": "none"}
    station = await Station(**where, video=False).start()
    handset = Handset(mouth=lambda: Speaker(said))
    try:
        await handset.pair(await station.pairing_link())
        cid = await answered(station, handset)
        # The station's own sounds are over by then.
        await asyncio.sleep(2)
        at = station.played.position()
        handset.session.mouth.speaks = True
        await asyncio.sleep(len(said) / RATE + 1)
        heard = station.played.since(at)
        reception = await station.reception(cid)
        await handset.hang_up(cid)
    finally:
        await handset.close()
        await station.stop()
    packets, lost = wire.close()
    for place in (door, there):
        place.close()
    print(f"packets {packets} lost {lost} reception {reception}", file=sys.stderr)
    return heard


def main():
    trouble, fec, out = sys.argv[1:]
    heard = asyncio.run(call(trouble, fec == "fec"))
    numpy.save(out, heard.astype(numpy.float32))


if __name__ == "__main__":
    main()
