package io.millrace.tests.camera;

import io.millrace.ingest.rtp.send.RtpSender;
import io.millrace.tests.camera.ClockedFilm.Frame;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * A camera that is pulled once, by RTSP with interleaved packets: plays a film at its pace, with a
 * sender report at its beginning and every five seconds.
 */
final class ClockedCamera implements AutoCloseable {
  private static final int PAYLOAD_TYPE = 96;
  private static final int CLOCK_RATE = 90_000;
  private static final int MAX_PACKET_BYTES = 1200;
  private static final long REPORT_MILLIS = 5000;

  /**
   * What is odd about it.
   *
   * @param ticksPerSecond of its RTP clock, declared as 90,000
   * @param outageFrom first frame that gets lost
   * @param outageTo first that does not
   */
  record Oddity(int ticksPerSecond, int outageFrom, int outageTo) {
    static final Oddity NONE = new Oddity(CLOCK_RATE, 0, 0);
  }

  private final ClockedFilm film;
  private final Oddity oddity;
  private final ServerSocket listening;
  private final CompletableFuture<Void> played = new CompletableFuture<>();

  ClockedCamera(ClockedFilm film, Oddity oddity) throws IOException {
    this.film = film;
    this.oddity = oddity;
    listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  String url() {
    return "rtsp://127.0.0.1:" + listening.getLocalPort() + "/film";
  }

  /** Done when everything was sent. */
  CompletableFuture<Void> played() {
    return played;
  }

  private void serve() {
    try (Socket socket = listening.accept()) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      boolean playing = false;
      while (!playing) {
        String request = in.readLine();
        String sequence = "0";
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
          if (line.startsWith("CSeq:")) {
            sequence = line.substring(5).strip();
          }
        }
        playing = request.startsWith("PLAY");
        socket.getOutputStream().write(answer(request, sequence));
      }
      play(socket.getOutputStream());
      played.complete(null);
    } catch (IOException | UncheckedIOException e) {
      played.completeExceptionally(e);
    }
  }

  private byte[] answer(String request, String sequence) {
    String head = "RTSP/1.0 200 OK\r\nCSeq: " + sequence + "\r\nSession: 7;timeout=60\r\n";
    String rest =
        switch (request.substring(0, request.indexOf(' '))) {
          case "OPTIONS" -> "Public: OPTIONS, DESCRIBE, SETUP, PLAY\r\n\r\n";
          case "SETUP" -> "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n";
          case "DESCRIBE" -> {
            String sdp = FilmDescription.of(PAYLOAD_TYPE, film.track());
            yield "Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(sdp.length(), sdp);
          }
          default -> "\r\n";
        };
    return (head + rest).getBytes(StandardCharsets.ISO_8859_1);
  }

  private void play(OutputStream out) throws IOException {
    boolean[] down = new boolean[1];
    RtpSender sender =
        new RtpSender(
            film.track(),
            PAYLOAD_TYPE,
            oddity.ticksPerSecond(),
            MAX_PACKET_BYTES,
            false,
            new Random(1),
            packet -> {
              if (!down[0]) {
                byte[] bytes = new byte[packet.remaining()];
                packet.get(bytes);
                write(out, 0, bytes);
              }
            });
    long filmedMillis = film.frames().getFirst().capturedMillis();
    long beganNanos = System.nanoTime();
    long reported = Long.MIN_VALUE / 2;
    long newest = 0;
    for (int i = 0; i < film.frames().size(); i++) {
      Frame frame = film.frames().get(i);
      newest = Math.max(newest, frame.capturedMillis());
      long due = beganNanos + (newest - filmedMillis) * 1_000_000;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      down[0] = i >= oddity.outageFrom() && i < oddity.outageTo();
      sender.frame(
          film.track(),
          frame.capturedMillis() * 1_000_000,
          frame.keyframe(),
          false,
          ByteBuffer.wrap(frame.data()));
      byte[] report = sender.senderReport("clocked");
      if (!down[0] && report != null && frame.capturedMillis() - reported >= REPORT_MILLIS) {
        reported = frame.capturedMillis();
        write(out, 1, report);
      }
    }
  }

  private static void write(OutputStream out, int channel, byte[] packet) {
    byte[] framed =
        ByteBuffer.allocate(4 + packet.length)
            .put((byte) '$')
            .put((byte) channel)
            .putShort((short) packet.length)
            .put(packet)
            .array();
    try {
      out.write(framed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
