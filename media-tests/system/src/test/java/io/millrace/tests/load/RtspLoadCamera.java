package io.millrace.tests.load;

import io.millrace.tests.client.RtspTalk;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One camera that pushes by RTSP over TCP at 30 frames a second, each frame when it is due, and a
 * sender report each second. Runs on a thread of its own.
 */
public final class RtspLoadCamera implements Runnable {
  private static final int FRAMES_PER_SECOND = 30;
  private static final int TICKS_PER_FRAME = 90_000 / FRAMES_PER_SECOND;
  private static final long FRAME_NANOS = 1_000_000_000L / FRAMES_PER_SECOND;
  private static final long NTP_OF_UNIX_EPOCH = 2_208_988_800L;

  private final URI url;
  private final RtpClip clip;
  private final AtomicBoolean stop;
  private int sequence;
  private volatile int sent;
  private volatile String failure = "";

  /**
   * @param url rtsp://host:port/live/stream
   */
  public RtspLoadCamera(URI url, RtpClip clip, AtomicBoolean stop) {
    this.url = url;
    this.clip = clip;
    this.stop = stop;
  }

  @Override
  public void run() {
    try (RtspTalk talk = new RtspTalk(url)) {
      String sdp = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=load\r\nt=0 0\r\n" + clip.sdp();
      talk.ask("ANNOUNCE", url.toString(), "Content-Type: application/sdp\r\n", sdp).orThrow();
      String transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1;mode=record\r\n";
      String session = talk.ask("SETUP", url + "/track0", transport, "").orThrow().session();
      talk.ask("RECORD", url.toString(), session, "").orThrow();
      sendFrames(talk);
      talk.ask("TEARDOWN", url.toString(), session, "").orThrow();
    } catch (IOException | InterruptedException | RuntimeException e) {
      failure = e.toString();
    }
  }

  private void sendFrames(RtspTalk talk) throws IOException, InterruptedException {
    int ssrc = url.hashCode();
    long startNanos = System.nanoTime();
    Instant start = Instant.now();
    for (int index = 0; !stop.get(); index++) {
      long dueNanos = startNanos + index * FRAME_NANOS;
      long waitNanos = dueNanos - System.nanoTime();
      if (waitNanos > 0) {
        Thread.sleep(Duration.ofNanos(waitNanos));
      }
      int timestamp = index * TICKS_PER_FRAME;
      if (index % FRAMES_PER_SECOND == 0) {
        talk.send(senderReport(start.plusNanos(index * FRAME_NANOS), timestamp, ssrc, index));
      }
      talk.send(clip.frameAt(index, sequence, timestamp, ssrc));
      sequence += clip.packets(index);
      sent = index + 1;
    }
  }

  private static byte[] senderReport(Instant at, int timestamp, int ssrc, int packets) {
    ByteBuffer report = ByteBuffer.allocate(RtpClip.INTERLEAVED_BYTES + 28);
    report.put((byte) '$').put((byte) 1).putShort((short) 28);
    report.put((byte) 0x80).put((byte) 200).putShort((short) 6).putInt(ssrc);
    report.putInt((int) (at.getEpochSecond() + NTP_OF_UNIX_EPOCH));
    report.putInt((int) ((long) at.getNano() * (1L << 32) / 1_000_000_000L));
    return report.putInt(timestamp).putInt(packets).putInt(packets * 1000).array();
  }

  /** Frames sent so far. */
  public int sent() {
    return sent;
  }

  /** Why the connection ended early; empty when it did not. */
  public String failure() {
    return failure;
  }
}
