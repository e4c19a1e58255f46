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

  const camera = () =>
    navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 }, audio: true });

  /** A connection whose candidates go to a peer over a client. */
  function connection(client, to) {
    const peer = new RTCPeerConnection();
    peer.onicecandidate = ({ candidate }) => candidate && client.sendIceCandidate(candidate, to);
    peer.onconnectionstatechange = () => note(`connection ${peer.connectionState}`);
    return peer;
  }

  /** Answers each offer with the camera, be it a viewer's or a storage session's. */
  page.master = async (config) => {
    const stream = await camera();
    const client = signaling("MASTER", config);
    const peers = {};
    client.on("sdpOffer", async (offer, from) => {
      note(`offer from ${from || "the server"}`);
      const peer = (peers[from] = connection(client, from));
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
   * microphone, as viewers of the SDK's samples may.
   */
  page.storageViewer = async (config) => {
    const client = signaling("VIEWER", config);
    const sound = config.withSound
      ? await navigator.mediaDevices.getUserMedia({ audio: true })
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
