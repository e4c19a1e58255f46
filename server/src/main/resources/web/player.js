// One <video> fed by hls.js, live or from a wall-clock time.
import { sessionUrl } from "/web/client.js";

const RETRY_MILLIS = 2000;
/** Ranges select fragments by their start, so look back this far for the one that holds a time. */
const LOOK_BACK_MILLIS = 21000;

export class Player {
  /** @param notice element that tells the viewer why there is no picture */
  constructor(video, notice) {
    this.video = video;
    this.notice = notice;
    this.hls = null;
    this.order = 0;
    video.addEventListener("ended", () => this.name && this.playLive(this.name));
  }

  /** Follows the newest picture; waits for a camera that is not sending yet. */
  playLive(name) {
    this.#start(name, null);
  }

  /** Plays from the picture shown at a time, in epoch milliseconds. */
  playFrom(name, millis) {
    this.#start(name, millis);
  }

  stop() {
    this.order++;
    this.name = null;
    clearTimeout(this.retry);
    this.hls?.destroy();
    this.hls = null;
    this.#tell("");
  }

  /** Wall-clock time of the picture on screen, epoch milliseconds, or null. */
  pictureMillis() {
    const date = this.hls?.playingDate;
    return date ? date.getTime() : null;
  }

  async #start(name, fromMillis) {
    this.stop();
    this.name = name;
    const order = this.order;
    try {
      const range = fromMillis === null
        ? null
        : { startMillis: fromMillis - LOOK_BACK_MILLIS, endMillis: Date.now() };
      const url = await sessionUrl(name, range);
      if (order !== this.order) return;
      this.#attach(url, fromMillis, order);
    } catch (error) {
      this.#again(error.message, fromMillis, order);
    }
  }

  #attach(url, fromMillis, order) {
    const hls = new Hls({ liveSyncDurationCount: 3, maxBufferLength: 20, backBufferLength: 30 });
    this.hls = hls;
    hls.on(Hls.Events.ERROR, (_, data) => {
      if (data.fatal) this.#again(data.details, fromMillis, order);
    });
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      this.#tell("");
      this.video.play().catch(() => this.#tell("press play"));
    });
    if (fromMillis !== null) {
      hls.once(Hls.Events.LEVEL_LOADED, (_, data) => this.#seek(data.details, fromMillis));
    }
    hls.loadSource(url);
    hls.attachMedia(this.video);
  }

  /** Seeks to a wall-clock time; in a gap it goes to the first picture after it and says so. */
  #seek(details, millis) {
    const holder = details.fragments.find(
      (fragment) => fragment.programDateTime + fragment.duration * 1000 > millis);
    if (!holder) return;
    const offset = Math.max(0, millis - holder.programDateTime);
    if (holder.programDateTime > millis) {
      this.#tell(`nothing stored at ${new Date(millis).toISOString()}; next picture after it`);
    }
    const target = holder.start + offset / 1000;
    this.hls.config.startPosition = target;
    this.video.currentTime = target;
  }

  #again(message, fromMillis, order) {
    if (order !== this.order) return;
    this.#tell(message);
    this.hls?.destroy();
    this.hls = null;
    const name = this.name;
    this.retry = setTimeout(() => order === this.order && this.#start(name, fromMillis), RETRY_MILLIS);
  }

  #tell(text) {
    this.notice.textContent = text;
    this.notice.hidden = text === "";
  }
}
