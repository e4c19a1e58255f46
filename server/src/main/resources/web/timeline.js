// A canvas that shows what is stored against wall-clock time, and in colours why the rest is not; a
// click picks a time, and the pointer over a gap tells its reason.
const LABEL_STEPS_SECONDS = [60, 300, 600, 1800, 3600, 7200, 14400];

export class Timeline {
  /** @param onPick called with epoch milliseconds */
  constructor(canvas, onPick) {
    this.canvas = canvas;
    this.stored = { ranges: [], gaps: [] };
    this.startMillis = 0;
    this.endMillis = 1;
    this.markMillis = null;
    canvas.addEventListener("pointermove", (event) => {
      canvas.title = this.#reasonAt(this.#timeAt(event));
    });
    canvas.addEventListener("click", (event) => {
      onPick(Math.round(this.#timeAt(event)));
    });
  }

  #timeAt(event) {
    const share = event.offsetX / this.canvas.clientWidth;
    return this.startMillis + share * (this.endMillis - this.startMillis);
  }

  #reasonAt(millis) {
    const slack = 2 * (this.endMillis - this.startMillis) / this.canvas.clientWidth;
    const near = (entry) =>
      Date.parse(entry.start) - slack <= millis && millis <= Date.parse(entry.end) + slack;
    const found = this.stored.gaps.find(near) ?? (this.stored.notes ?? []).find(near);
    return found ? [found.reason, found.detail].filter(Boolean).join(": ") : "";
  }

  show(stored, startMillis, endMillis) {
    Object.assign(this, { stored, startMillis, endMillis });
    this.#draw();
  }

  mark(millis) {
    if (millis !== this.markMillis) {
      this.markMillis = millis;
      this.#draw();
    }
  }

  #x(millis) {
    return (millis - this.startMillis) / (this.endMillis - this.startMillis) * this.canvas.width;
  }

  #draw() {
    const { canvas } = this;
    canvas.width = canvas.clientWidth;
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    pen.fillStyle = style.getPropertyValue("--gap");
    pen.fillRect(0, 8, canvas.width, 36);
    pen.fillStyle = style.getPropertyValue("--stored");
    for (const range of this.stored.ranges) this.#bar(pen, range, 8, 36);
    for (const gap of this.stored.gaps) {
      pen.fillStyle = style.getPropertyValue(`--${gap.reason}`) || style.getPropertyValue("--gap");
      this.#bar(pen, gap, 8, 36);
    }
    for (const note of this.stored.notes ?? []) {
      pen.fillStyle = style.getPropertyValue(`--${note.reason}`) || style.getPropertyValue("--mark");
      this.#bar(pen, note, 40, 4);
    }
    this.#drawLabels(pen, style);
    if (this.markMillis !== null) {
      pen.fillStyle = style.getPropertyValue("--mark");
      pen.fillRect(this.#x(this.markMillis) - 1, 2, 2, 48);
    }
  }

  #bar(pen, { start, end }, top, height) {
    const left = this.#x(Date.parse(start));
    pen.fillRect(left, top, Math.max(1, this.#x(Date.parse(end)) - left), height);
  }

  #drawLabels(pen, style) {
    const seconds = (this.endMillis - this.startMillis) / 1000;
    const step = LABEL_STEPS_SECONDS.find((candidate) => seconds / candidate <= 12) ?? 21600;
    pen.fillStyle = style.getPropertyValue("--soft");
    pen.font = "11px system-ui";
    for (let at = Math.ceil(this.startMillis / 1000 / step) * step; at * 1000 < this.endMillis; at += step) {
      const label = new Date(at * 1000).toISOString().slice(11, 16);
      pen.fillText(label, this.#x(at * 1000) + 2, 62);
      pen.fillRect(this.#x(at * 1000), 46, 1, 6);
    }
  }
}
