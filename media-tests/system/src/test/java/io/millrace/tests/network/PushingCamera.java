package io.millrace.tests.network;

import io.millrace.ingest.rtp.send.RtpSender;
import io.millrace.media.track.MediaException;
import io.millrace.tests.camera.FilmDescription;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A camera that pushes a film by RTSP over UDP at its pace and remembers what it sent. It can be
 * switched off and on: then it comes with another source, sequence and clock.
 */
final class PushingCamera implements AutoCloseable {
  private static final int PAYLOAD_TYPE = 96;
  private static final int CLOCK_RATE = 90_000;
  private static final int MAX_PACKET_BYTES = 1200;
  private static final int REPORT_FRAMES = 2 * LoopedFilm.FRAMES_PER_SECOND;
  private static final Pattern SERVER_PORT = Pattern.compile("server_port=(\\d+)-");
  private static final Pattern SESSION = Pattern.compile("(?i)session: *([^;\\s]+)");

  /**
   * A frame that was sent.
   *
   * @param life how often the camera was switched on before
   * @param capturedNanos by the camera's clock, epoch ns
   */
  record Sent(int life, long capturedNanos, byte[] data) {}

  private final LoopedFilm film;
  private final String host;
  private final int port;
  private final String stream;
  private final Random random;
  private final List<Sent> sent = new ArrayList<>();
  private final DatagramSocket media;
  private final DatagramSocket control;
  private Socket connection;
  private BufferedReader answers;
  private int serverPort;
  private int sequence;
  private int life = -1;
  private int number;
  private long bootedNanos;
  private long bootedEpochNanos;
  private int firstNumber;
  private RtpSender sender;

  PushingCamera(LoopedFilm film, String host, int port, String stream, long seed)
      throws IOException {
    this.film = film;
    this.host = host;
    this.port = port;
    this.stream = stream;
    random = new Random(seed);
    media = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    control = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  }

  /** What was sent so far, in the order sent. */
  List<Sent> sent() {
    return sent;
  }

  /** Makes a new session. */
  void connect() throws IOException {
    connection = new Socket(host, port);
    answers =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    String url = "rtsp://%s:%d/live/%s".formatted(host, port, stream);
    ask(
        "ANNOUNCE " + url,
        "Content-Type: application/sdp\r\n",
        FilmDescription.of(PAYLOAD_TYPE, film.track()));
    String setUp =
        ask(
            "SETUP " + url + "/track1",
            "Transport: RTP/AVP/UDP;unicast;client_port=%d-%d;mode=record\r\n"
                .formatted(media.getLocalPort(), control.getLocalPort()),
            "");
    Matcher ports = SERVER_PORT.matcher(setUp);
    Matcher session = SESSION.matcher(setUp);
    if (!ports.find() || !session.find()) {
      throw new IOException("no session: " + setUp);
    }
    serverPort = Integer.parseInt(ports.group(1));
    ask("RECORD " + url, "Session: " + session.group(1) + "\r\n", "");
  }

  private String ask(String what, String header, String body) throws IOException {
    String request =
        "%s RTSP/1.0\r\nCSeq: %d\r\n%sContent-Length: %d\r\n\r\n%s"
            .formatted(what, ++sequence, header, body.length(), body);
    connection.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    StringBuilder answer = new StringBuilder();
    for (String line = answers.readLine();
        line != null && !line.isEmpty();
        line = answers.readLine()) {
      answer.append(line).append("\r\n");
    }
    if (!answer.toString().startsWith("RTSP/1.0 200")) {
      throw new IOException(what + ": " + answer);
    }
    return answer.toString();
  }

  /**
   * Switched on: another source, sequence and RTP clock, at a keyframe.
   *
   * @param offNanos how far the camera's clock is ahead of ours
   */
  void boot(long offNanos) {
    life++;
    bootedNanos = System.nanoTime();
    bootedEpochNanos = Instant.now().toEpochMilli() * 1_000_000 + offNanos;
    number += (film.clip().size() - number % film.clip().size()) % film.clip().size();
    firstNumber = number;
    sender =
        new RtpSender(
            film.track(), PAYLOAD_TYPE, CLOCK_RATE, MAX_PACKET_BYTES, false, random, this::send);
  }

  /** Plays on for a number of frames. */
  void play(int frames) throws IOException, MediaException {
    for (int i = 0; i < frames; i++, number++) {
      long due = bootedNanos + (number - firstNumber) * LoopedFilm.INTERVAL_NANOS;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      LoopedFilm.Frame frame = film.frame(number);
      long captured =
          bootedEpochNanos + (frame.position() - firstNumber) * LoopedFilm.INTERVAL_NANOS;
      sent.add(new Sent(life, captured, frame.data()));
      sender.frame(film.track(), captured, frame.keyframe(), false, ByteBuffer.wrap(frame.data()));
      if ((number - firstNumber) % REPORT_FRAMES == 0) {
        byte[] report = sender.senderReport("camera");
        control.send(
            new DatagramPacket(
                report, report.length, InetAddress.getLoopbackAddress(), serverPort + 1));
      }
    }
  }

  private void send(ByteBuffer packet) {
    byte[] bytes = new byte[packet.remaining()];
    packet.get(bytes);
    try {
      media.send(
          new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), serverPort));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves as one should. */
  void tearDown() throws IOException {
    ask("TEARDOWN rtsp://%s:%d/live/%s".formatted(host, port, stream), "", "");
    connection.close();
  }

  @Override
  public void close() throws IOException {
    media.close();
    control.close();
    if (connection != null) {
      connection.close();
    }
  }
}
