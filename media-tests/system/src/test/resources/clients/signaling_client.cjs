// A master and a viewer with AWS's WebRTC SDK for JavaScript, both in this process and without media:
//   node signaling_client.cjs CHANNEL-ARN MASTER-ENDPOINT VIEWER-ENDPOINT
// Prints a line for each thing that either of them is told, and ends when all was seen. Started in a
// folder with amazon-kinesis-video-streams-webrtc in its node_modules.
const { createRequire } = require("node:module");
const fromHere = createRequire(process.cwd() + "/package.json");
globalThis.WebSocket = fromHere("ws");
const { SignalingClient, Role } = fromHere("amazon-kinesis-video-streams-webrtc");

const [channelARN, masterEndpoint, viewerEndpoint] = process.argv.slice(2);
const credentials = { accessKeyId: "test", secretAccessKey: "test", sessionToken: "t/+=" };
const common = { region: "us-east-1", channelARN, credentials };
const master = new SignalingClient({ ...common, role: Role.MASTER, channelEndpoint: masterEndpoint });
const viewer = new SignalingClient({
  ...common,
  role: Role.VIEWER,
  clientId: "viewer-1",
  channelEndpoint: viewerEndpoint,
});

const EXPECTED = 5;
let seen = 0;
function note(line) {
  console.log(line);
  if (++seen === EXPECTED) {
    viewer.close();
    master.close();
  }
}

for (const [name, client] of Object.entries({ master, viewer })) {
  client.on("error", (error) => {
    console.log(`${name} error ${error.message}`);
    process.exit(1);
  });
  client.on("statusResponse", (status) =>
    note(`${name} status ${status.correlationId} ${status.errorType} ${status.statusCode}`),
  );
}
master.on("open", () => viewer.open());
master.on("sdpOffer", (offer, from) => {
  note(`master offer ${offer.sdp} from ${from}`);
  master.sendSdpAnswer({ type: "answer", sdp: "the answer" }, from);
  master.sendIceCandidate({ candidate: "candidate:m", sdpMid: "0", sdpMLineIndex: 0 }, from);
  master.sendSdpAnswer({ type: "answer", sdp: "lost" }, "nobody", "correlation-1");
});
master.on("iceCandidate", (it, from) => note(`master candidate ${it.candidate} from ${from}`));
viewer.on("open", () => {
  viewer.sendSdpOffer({ type: "offer", sdp: "the offer" });
  viewer.sendIceCandidate({ candidate: "candidate:v", sdpMid: "0", sdpMLineIndex: 0 });
});
viewer.on("sdpAnswer", (answer) => note(`viewer answer ${answer.sdp}`));
viewer.on("iceCandidate", (it) => note(`viewer candidate ${it.candidate}`));
setTimeout(() => {
  console.log("not all was seen");
  process.exit(2);
}, 15000).unref();
master.open();
