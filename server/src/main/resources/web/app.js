// The demo page: a live grid, and per camera a player with a timeline of what is stored.
// It uses the same public calls as any other client; nothing here is private to the server.
import { Timeline } from "/web/timeline.js";
import { Player } from "/web/player.js";
import { call, listStreams, timelineOf } from "/web/client.js";

const byId = (id) => document.getElementById(id);
const grid = byId("grid");
const cameraView = byId("camera");
const cards = new Map();
let camera = null;

const player = new Player(byId("player"), byId("notice"));
const timeline = new Timeline(byId("timeline"), (millis) => {
  byId("live").setAttribute("aria-pressed", "false");
  player.playFrom(camera, millis);
});

function addCard(stream) {
  const card = document.createElement("a");
  card.className = "card";
  card.href = "#" + encodeURIComponent(stream.StreamName);
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  const line = document.createElement("p");
  const name = Object.assign(document.createElement("span"), { textContent: stream.StreamName });
  const state = document.createElement("small");
  line.append(name, state);
  card.append(video, line);
  grid.append(card);
  const live = new Player(video, state);
  live.playLive(stream.StreamName);
  cards.set(stream.StreamName, { card, live });
}

async function refreshGrid() {
  const streams = await listStreams();
  const names = new Set(streams.map((stream) => stream.StreamName));
  for (const stream of streams) {
    if (!cards.has(stream.StreamName)) addCard(stream);
  }
  for (const [name, { card, live }] of cards) {
    if (!names.has(name)) {
      live.stop();
      card.remove();
      cards.delete(name);
    }
  }
  byId("summary").textContent = streams.length === 0
    ? "no streams yet: send one with PutMedia or curl -T"
    : `${streams.length} stream${streams.length === 1 ? "" : "s"}`;
}

function clearGrid() {
  for (const { card, live } of cards.values()) {
    live.stop();
    card.remove();
  }
  cards.clear();
}

async function refreshTimeline() {
  if (!camera) return;
  const asked = camera;
  const seconds = Number(byId("span").value);
  const end = Date.now();
  const stored = await timelineOf(asked, end - seconds * 1000, end);
  if (asked !== camera) return;
  timeline.show(stored, end - seconds * 1000, end);
  byId("range").textContent = stored.oldest ? `oldest ${stored.oldest}` : "";
}

function openCamera(name) {
  clearGrid();
  camera = name;
  grid.hidden = true;
  cameraView.hidden = false;
  byId("camera-name").textContent = name;
  goLive();
  refreshTimeline().catch(showFailure);
}

function goLive() {
  byId("live").setAttribute("aria-pressed", "true");
  player.playLive(camera);
}

function closeCamera() {
  camera = null;
  player.stop();
  cameraView.hidden = true;
  grid.hidden = false;
  refreshGrid().catch(showFailure);
}

function route() {
  const name = decodeURIComponent(location.hash.slice(1));
  if (name) openCamera(name);
  else closeCamera();
}

function showFailure(error) {
  byId("summary").textContent = error.message;
}

function tick() {
  const millis = player.pictureMillis();
  byId("clock").textContent = millis ? new Date(millis).toISOString() : "";
  timeline.mark(millis);
  if (camera && millis) {
    byId("snapshot").href =
      `/v1/streams/${encodeURIComponent(camera)}/frame.jpg?at=${new Date(millis).toISOString()}`;
  }
  requestAnimationFrame(tick);
}

byId("live").addEventListener("click", goLive);
byId("span").addEventListener("change", () => refreshTimeline().catch(showFailure));
window.addEventListener("hashchange", route);
setInterval(() => (camera ? refreshTimeline() : refreshGrid()).catch(showFailure), 3000);
window.millrace = { player, call };
route();
tick();
