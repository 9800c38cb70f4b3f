# SPDX-License-Identifier: MIT OR Apache-2.0
"""The same call between two baresips at their defaults: one speaks, the other hears it and says
what it played back on a good wire, with bits to spare, where it is recorded."""

import pathlib
import sys
import tempfile
import time

import av
import numpy
from baresip import Baresip
from speech import RATE, all_of_it
from stand import Namespace
from wire import Wire

BITRATE, BITRATE_BACK = 32_000, 128_000


def call(trouble, fec):
    said, _ = all_of_it()
    door, there = Namespace("door"), Namespace("handset")
    wire = Wire(door, there, trouble)
    with tempfile.TemporaryDirectory(prefix="intercomd-bench-") as home:
        speech = f"{home}/speech.wav"
        _write(speech, said)
        more = f"module aufile.so\nmodule sndfile.so\nsnd_path {home}\nopus_packet_loss 10\n"
        more += f"opus_inbandfec {'yes' if fec else 'no'}\n"
        near = Baresip("door", 5080, 4442, "aubridge,loop", BITRATE_BACK, ";answermode=auto",
                       address="10.30.0.1", where=door)
        far = Baresip("handset", 5070, 4441, f"aufile,{speech}", BITRATE,
                      address="10.30.0.2", where=there, more=more)
        try:
            far.dial("sip:door@10.30.0.1:5080")
            time.sleep(len(said) / RATE + 1)
        finally:
            far.close()
            near.close()
        heard = _read(next(pathlib.Path(home).glob("*-dec.wav")))
    packets, lost = wire.close()
    for place in (door, there):
        place.close()
    print(f"packets {packets} lost {lost}", file=sys.stderr)
    return heard


def _write(path, samples):
    with av.open(path, "w") as file:
        stream = file.add_stream("pcm_s16le", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples[numpy.newaxis], "s16", "mono")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            file.mux(packet)


def _read(path):
    resample = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    with av.open(str(path)) as file:
        frames = [piece for frame in file.decode(audio=0) for piece in resample.resample(frame)]
    return numpy.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])


def main():
    trouble, fec, out = sys.argv[1:]
    numpy.save(out, call(trouble, fec == "fec").astype(numpy.float32))


if __name__ == "__main__":
    main()
