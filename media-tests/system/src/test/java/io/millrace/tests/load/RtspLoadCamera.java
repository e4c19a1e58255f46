package io.millrace.tests.load;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      String sdp = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=load\r\nt=0 0\r\n" + clip.sdp();
      ask(
          out,
          in,
          "ANNOUNCE",
          "",
          "Content-Type: application/sdp\r\nContent-Length: %d\r\n".formatted(sdp.length()),
          sdp);
      String session =
          ask(
              out,
              in,
              "SETUP",
              "/track0",
              "Transport: RTP/AVP/TCP;unicast;interleaved=0-1;mode=record\r\n",
              "");
      ask(out, in, "RECORD", "", session, "");
      sendFrames(out);
      ask(out, in, "TEARDOWN", "", session, "");
    } catch (IOException | InterruptedException | RuntimeException e) {
      failure = e.toString();
    }
  }

  /** Sends a request and reads its answer; the session header of it, for the next request. */
  private String ask(
      OutputStream out,
      DataInputStream in,
      String method,
      String track,
      String headers,
      String body)
      throws IOException {
    String request =
        "%s %s%s RTSP/1.0\r\nCSeq: 1\r\n%s\r\n%s".formatted(method, url, track, headers, body);
    out.write(request.getBytes(StandardCharsets.ISO_8859_1));
    String status = line(in);
    if (!status.startsWith("RTSP/1.0 200")) {
      throw new IOException(method + " answered " + status);
    }
    String session = "";
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.startsWith("Session:")) {
        session = line.replaceFirst(";.*", "") + "\r\n";
      }
    }
    return session;
  }

  /** The next line of an answer; receiver reports between answers are passed over. */
  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
      if (next == '$' && line.isEmpty()) {
        in.readUnsignedByte();
        in.skipNBytes(in.readUnsignedShort());
      } else if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private void sendFrames(OutputStream out) throws IOException, InterruptedException {
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
        out.write(senderReport(start.plusNanos(index * FRAME_NANOS), timestamp, ssrc, index));
      }
      out.write(clip.frameAt(index, sequence, timestamp, ssrc));
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
