// SPDX-License-Identifier: MIT OR Apache-2.0
// The media of a scripted station: a second page offers a tone and a moving picture, and tells what
// it hears.

const HERTZ = 440;

/** In the page of the station. */
function player(hertz) {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const out = audio.createMediaStreamDestination();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [640, 480];
  const drawing = canvas.getContext("2d");
  let frame = 0;
  const draw = () => {
    frame += 1;
    const sky = drawing.createLinearGradient(0, 0, 0, 480);
    sky.addColorStop(0, "#b9cfd6");
    sky.addColorStop(1, "#6f8a7d");
    drawing.fillStyle = sky;
    drawing.fillRect(0, 0, 640, 480);
    drawing.fillStyle = "#3c4a52";
    drawing.beginPath();
    drawing.ellipse(320 + 12 * Math.sin(frame / 20), 520, 150, 190, 0, 0, 7);
    drawing.fill();
    drawing.fillStyle = "#d9b79c";
    drawing.beginPath();
    drawing.ellipse(320 + 12 * Math.sin(frame / 20), 250, 78, 96, 0, 0, 7);
    drawing.fill();
  };
  setInterval(draw, 66);
  draw();
  tone.frequency.value = hertz;
  tone.connect(out);
  tone.start();
  const stream = new MediaStream([
    ...out.stream.getTracks(), ...canvas.captureStream(15).getTracks(),
  ]);
  let peer;
  const heard = audio.createAnalyser();
  heard.fftSize = 8192;
  window.station = {
    async offer() {
      peer?.close();
      peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
      for (const track of stream.getTracks()) peer.addTrack(track, stream);
      for (const { sender } of peer.getTransceivers()) {
        if (sender.track.kind === "video") {
          peer.getTransceivers().find((other) => other.sender === sender).direction = "sendonly";
        }
      }
      peer.onicecandidate = ({ candidate }) => window.candidateFound(candidate?.candidate ?? "");
      peer.ontrack = ({ track }) => {
        const listener = new Audio();
        listener.srcObject = new MediaStream([track]);
        listener.muted = true;
        listener.play();
        audio.createMediaStreamSource(listener.srcObject).connect(heard);
      };
      const offer = await peer.createOffer();
      await peer.setLocalDescription(offer);
      return offer.sdp;
    },
    answer: (sdp) => peer.setRemoteDescription({ type: "answer", sdp }),
    candidate: (candidate) => peer.addIceCandidate({ candidate, sdpMLineIndex: 0 }),
    state: () => peer.connectionState,
    hangUp: () => peer.close(),
    async packets() {
      const inbound = [...(await peer.getStats()).values()]
        .find(({ type, kind }) => type === "inbound-rtp" && kind === "audio");
      return inbound?.packetsReceived ?? 0;
    },
    /** The loudest frequency and how loud it is, or null where there is silence. */
    tone() {
      const bins = new Float32Array(heard.frequencyBinCount);
      heard.getFloatFrequencyData(bins);
      const loudest = bins.indexOf(Math.max(...bins));
      const level = bins[loudest];
      return level < -70 ? null : (loudest * audio.sampleRate) / heard.fftSize;
    },
  };
}

/** Answers `connect` with an offer and carries candidates both ways. */
export async function giveMedia(browser, station) {
  const page = await browser.newPage();
  const media = { page, session: 0, cid: null };
  await page.exposeFunction("candidateFound", (candidate) => {
    const { cid, session } = media;
    station.current?.say("ice", { cid, session, mline: 0, candidate });
  });
  await page.evaluate(player, HERTZ);
  const give = (what, text) => {
    const given = page.evaluate(([name, value]) => window.station[name](value), [what, text]);
    given.catch((error) => station.faults.push(error));
  };
  station.answers.connect = ({ cid }) => {
    media.offer(cid);
    return ["ok", {}];
  };
  station.answers.answer = ({ sdp, session }) => {
    if (session === media.session) give("answer", sdp);
  };
  station.answers.ice = ({ candidate, session }) => {
    if (session !== media.session || candidate === "") return;
    give("candidate", candidate);
  };
  // One after the other: a peer that is closed while it makes an offer never finishes it.
  let offered = Promise.resolve();
  media.offer = (cid) => {
    const next = async () => {
      media.cid = cid;
      media.session += 1;
      const { session } = media;
      const sdp = await page.evaluate(() => window.station.offer());
      await station.say("offer", { cid, session, sdp, ice: [] });
    };
    offered = offered.then(next);
    return offered;
  };
  media.tone = () => page.evaluate(() => window.station.tone());
  media.packets = () => page.evaluate(() => window.station.packets());
  media.close = () => page.close();
  return media;
}
