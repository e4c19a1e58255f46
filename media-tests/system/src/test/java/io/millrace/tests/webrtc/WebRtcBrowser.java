package io.millrace.tests.webrtc;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.millrace.tests.client.HlsClient;
import io.millrace.tests.process.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Headless Chromium with a fake camera, and what its pages do. */
final class WebRtcBrowser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  /**
   * Offers what a connection has at an address, and takes the answer; with {@code window.tcpOnly}
   * as one whose network lets no UDP through.
   */
  private static final String CONNECT =
      """
      () => { window.connect = async (pc, address) => {
        await pc.setLocalDescription(await pc.createOffer());
        const reply = await fetch(address, { method: 'POST', body: pc.localDescription.sdp,
          headers: { 'content-type': 'application/sdp' } });
        let text = await reply.text();
        if (window.tcpOnly) text = text.replace(/a=candidate:\\S+ 1 udp .*\\r\\n/g, '');
        if (reply.status !== 201) throw new Error(reply.status + ' ' + text);
        await pc.setRemoteDescription({ type: 'answer', sdp: text });
        return reply.headers.get('location');
      }; }
      """;

  /**
   * Draws the time as black and white cells, and sends that, in the codec and the layers that are
   * named.
   */
  static final String CLOCK =
      """
      async ([address, codec, layers]) => {
        const canvas = document.createElement('canvas');
        canvas.width = 640;
        canvas.height = 360;
        const pen = canvas.getContext('2d');
        const draw = () => {
          const now = Date.now() % 4294967296;
          for (let cell = 0; cell < 32; cell++) {
            pen.fillStyle = Math.floor(now / 2 ** (31 - cell)) % 2 ? '#fff' : '#000';
            pen.fillRect(cell * 20, 0, 20, 360);
          }
        };
        draw();
        setInterval(draw, 33);
        const pc = window.pc = new RTCPeerConnection();
        const media = canvas.captureStream(30);
        const sender = pc.addTransceiver(media.getTracks()[0], {
          direction: 'sendonly',
          streams: [media],
          sendEncodings: layers ? [{ scalabilityMode: layers }] : [{}],
        });
        if (codec) {
          const all = RTCRtpSender.getCapabilities('video').codecs;
          sender.setCodecPreferences(all.filter(
            (each) => each.mimeType === codec || each.mimeType === 'video/rtx'));
        }
        return connect(pc, address);
      }
      """;

  /** Plays a stream and reads the time out of its pictures: how old each one is, ms. */
  static final String VIEWER =
      """
      async ([address, pictures]) => {
        const pc = window.pc = new RTCPeerConnection();
        pc.addTransceiver('video', { direction: 'recvonly' });
        pc.addTransceiver('audio', { direction: 'recvonly' });
        const video = document.createElement('video');
        video.muted = true;
        document.documentElement.append(video);
        const began = Date.now();
        pc.ontrack = (event) => {
          if (event.track.kind === 'video') {
            video.srcObject = new MediaStream([event.track]);
            video.play();
          }
        };
        await connect(pc, address);
        const ages = [];
        let first = 0;
        await new Promise((resolve, reject) => {
          setTimeout(() => reject(new Error('only ' + ages.length + ' pictures')), 15000);
          const next = () => video.requestVideoFrameCallback(() => {
            const now = Date.now();
            first = first || now - began;
            const canvas = document.createElement('canvas');
            canvas.width = video.videoWidth;
            canvas.height = video.videoHeight;
            const pen = canvas.getContext('2d');
            pen.drawImage(video, 0, 0);
            const row = pen.getImageData(0, canvas.height / 2, canvas.width, 1).data;
            let time = 0;
            for (let cell = 0; cell < 32; cell++) {
              const x = Math.floor((cell + 0.5) * canvas.width / 32);
              time = time * 2 + (row[4 * x] > 128 ? 1 : 0);
            }
            ages.push(now % 4294967296 - time);
            if (ages.length < pictures) next(); else resolve();
          });
          next();
        });
        return { first, ages };
      }
      """;

  /** By which protocol a connection's packets go. */
  static final String PROTOCOL =
      """
      async () => {
        const all = await window.pc.getStats();
        const transport = [...all.values()].find((each) => each.type === 'transport');
        return all.get(all.get(transport.selectedCandidatePairId).remoteCandidateId).protocol;
      }
      """;

  /** Plays a session to its end with hls.js, at double speed: pictures shown, and their sizes. */
  private static final String PLAY =
      """
      async (address) => {
        const load = document.createElement('script');
        load.src = '/web/hls.min.js';
        document.documentElement.append(load);
        await new Promise((resolve) => { load.onload = resolve; });
        const video = document.createElement('video');
        video.muted = true;
        document.documentElement.append(video);
        const hls = new Hls();
        let error = '';
        hls.on(Hls.Events.ERROR, (event, data) => { if (data.fatal) error = data.details; });
        hls.loadSource(address);
        hls.attachMedia(video);
        let pictures = 0;
        const widths = [];
        const next = () => video.requestVideoFrameCallback(() => {
          pictures++;
          if (widths.at(-1) !== video.videoWidth) widths.push(video.videoWidth);
          next();
        });
        next();
        video.defaultPlaybackRate = video.playbackRate = 2;
        video.play();
        for (let i = 0; i < 200 && !error && !video.ended; i++) {
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return { error, pictures, widths, ended: video.ended, seconds: video.currentTime };
      }
      """;

  private final Playwright playwright;
  private final Browser browser;

  private WebRtcBrowser(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  static WebRtcBrowser open() {
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--use-fake-device-for-media-stream",
                            "--use-fake-ui-for-media-stream",
                            "--autoplay-policy=no-user-gesture-required",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--no-first-run")));
    return new WebRtcBrowser(playwright, browser);
  }

  /** A page of the server's origin that can connect. */
  Page page(ServerProcess server) {
    Page page = browser.newPage();
    page.navigate(server.endpoint() + "/readyz");
    page.evaluate(CONNECT);
    return page;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  /**
   * Plays a session of stored media to its end.
   *
   * @return {@code error} of hls.js or empty, {@code pictures} shown, the {@code widths} they had
   *     one after the other, whether it {@code ended}, {@code seconds} played
   */
  Map<?, ?> playHls(ServerProcess server, HlsClient session) {
    try (Page player = page(server)) {
      return (Map<?, ?>) player.evaluate(PLAY, session.master().toString());
    }
  }
}
