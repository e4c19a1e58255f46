// Runs in a page beside AWS's WebRTC SDK for JavaScript: masters and viewers of a channel, as the
// SDK's own samples build them. `page.log` tells what happened, `page.video` shows what came.
window.page = { log: [] };

(() => {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const note = (line) => page.log.push(line);

  function signaling(role, { channelARN, channelEndpoint, clientId }) {
    const client = new KVSWebRTC.SignalingClient({
      role,
      channelARN,
      channelEndpoint,
      clientId,
      region: "us-east-1",
      credentials,
    });
    client.on("error", (error) => note(`error ${error.message ?? error.type}`));
    client.on("close", () => note("close"));
    client.on("statusResponse", (status) => note(`status ${JSON.stringify(status)}`));
    return client;
  }

  let speaker;
  const audio = () => (speaker ??= new AudioContext());

  /** A tone instead of a microphone. */
  function tone(hertz) {
    const out = audio().createMediaStreamDestination();
    const source = new OscillatorNode(audio(), { frequency: hertz });
    source.connect(new GainNode(audio(), { gain: 0.25 })).connect(out);
    source.start();
    return out.stream;
  }

  /** The camera, with its own sound or a tone. */
  async function camera({ hertz }) {
    const video = { width: 640, height: 480 };
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: !hertz });
    if (hertz) tone(hertz).getTracks().forEach((track) => stream.addTrack(track));
    return stream;
  }

  /** A connection whose candidates go to a peer over a client. */
  function connection(client, to) {
    const peer = new RTCPeerConnection();
    peer.onicecandidate = ({ candidate }) => candidate && client.sendIceCandidate(candidate, to);
    peer.onconnectionstatechange = () => note(`connection ${peer.connectionState}`);
    return peer;
  }

  /** Answers each offer with the camera, be it a viewer's or a storage session's. */
  page.master = async (config) => {
    const stream = await camera(config);
    const client = signaling("MASTER", config);
    const peers = {};
    client.on("sdpOffer", async (offer, from) => {
      note(`offer from ${from || "the server"}`);
      const peer = (peers[from] = connection(client, from));
      show(peer);
      stream.getTracks().forEach((track) => peer.addTrack(track, stream));
      await peer.setRemoteDescription(offer);
      await peer.setLocalDescription(await peer.createAnswer());
      client.sendSdpAnswer(peer.localDescription, from);
      page.peer = peer;
    });
    client.on("iceCandidate", (candidate, from) => peers[from]?.addIceCandidate(candidate));
    client.open();
    await new Promise((resolve) => client.on("open", resolve));
    page.client = client;
  };

  function show(peer) {
    page.video = document.createElement("video");
    page.video.autoplay = true;
    page.video.srcObject = new MediaStream();
    peer.ontrack = ({ track }) => page.video.srcObject.addTrack(track);
  }

  let analyser;

  /** Loudness of a pitch in the sound received, in decibels; -200 for none at all. */
  page.loudness = (hertz) => {
    const tracks = page.video ? page.video.srcObject.getAudioTracks() : [];
    if (!tracks.length) return -200;
    if (!analyser) {
      analyser = new AnalyserNode(audio(), { fftSize: 8192, smoothingTimeConstant: 0 });
      audio().createMediaStreamSource(new MediaStream([tracks[0]])).connect(analyser);
    }
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    const bin = Math.round((hertz * analyser.fftSize) / audio().sampleRate);
    return Math.max(-200, ...levels.slice(bin - 1, bin + 2));
  };

  /** Asks the master for its media. */
  page.viewer = async (config) => {
    const client = signaling("VIEWER", config);
    const peer = connection(client);
    show(peer);
    client.on("sdpAnswer", (answer) => peer.setRemoteDescription(answer));
    client.on("iceCandidate", (candidate) => peer.addIceCandidate(candidate));
    client.open();
    await new Promise((resolve) => client.on("open", resolve));
    peer.addTransceiver("video", { direction: "recvonly" });
    peer.addTransceiver("audio", { direction: "recvonly" });
    await peer.setLocalDescription(await peer.createOffer());
    client.sendSdpOffer(peer.localDescription);
    page.peer = peer;
  };

  /**
   * Answers the offer of a storage session and shows what it sends; with `withSound` it has a
   * microphone, as viewers of the SDK's samples may, with `hertz` a tone.
   */
  page.storageViewer = async (config) => {
    const client = signaling("VIEWER", config);
    const sound = config.withSound
      ? await navigator.mediaDevices.getUserMedia({ audio: true })
      : config.hertz
        ? tone(config.hertz)
        : new MediaStream();
    client.on("sdpOffer", async (offer) => {
      note("offer from the server");
      const peer = connection(client);
      show(peer);
      sound.getTracks().forEach((track) => peer.addTrack(track, sound));
      await peer.setRemoteDescription(offer);
      await peer.setLocalDescription(await peer.createAnswer());
      client.sendSdpAnswer(peer.localDescription);
      page.peer = peer;
    });
    client.on("iceCandidate", (candidate) => page.peer?.addIceCandidate(candidate));
    client.open();
    await new Promise((resolve) => client.on("open", resolve));
  };

  /** Joins a storage session; gives the status of the answer. */
  page.join = async (endpoint, operation, members) => {
    const answer = await fetch(endpoint + operation, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(members),
    });
    return answer.status;
  };
})();
