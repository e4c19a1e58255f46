package io.millrace.tests.trial;

import io.millrace.media.mkv.ClusterWriter;
import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import io.millrace.tests.client.Ack;
import io.millrace.tests.client.ParserLibrary;
import io.millrace.tests.client.ParserLibrary.SeenFrame;
import io.millrace.tests.client.PutMediaSocket;
import io.millrace.tests.load.CameraFleet;
import io.millrace.tests.process.ServerProcess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Kills the server with SIGKILL again and again under producers; afterwards every fragment that was
 * acknowledged as PERSISTED must be there, equal to what was sent, and nothing torn may be listed.
 */
public final class KillTrial {
  private static final int FRAMES = 5;
  private static final int FRAME_BYTES = 20_000;
  private static final int PACE_MILLIS = 150;
  private static final int LIST_LIMIT = 200;
  private static final ByteBuffer HEADER =
      MkvMuxer.header(
          List.of(
              new Track(
                  1,
                  1,
                  TrackType.VIDEO,
                  "",
                  "V_TEST",
                  CodecPrivateData.EMPTY,
                  0,
                  Optional.of(new Track.VideoFormat(64, 64)),
                  Optional.empty())),
          1_000_000,
          "kill trial");

  /**
   * What came out.
   *
   * @param acknowledged fragments acknowledged as PERSISTED, all found again
   * @param stored fragments stored in all, none of them torn
   * @param slowestRestart longest time from process start to ready
   */
  public record Report(int acknowledged, int stored, Duration slowestRestart) {}

  private final Path data;
  private final int port = ServerProcess.freePort();
  private final Random random;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final Map<String, Map<String, Long>> acknowledged = new ConcurrentHashMap<>();
  private final URI endpoint = URI.create("http://127.0.0.1:" + port);

  private KillTrial(Path data, long seed) {
    this.data = data;
    this.random = new Random(seed);
  }

  /**
   * Runs the trial.
   *
   * @throws AssertionError naming the first fragment that is missing, different or torn
   */
  public static Report run(Path data, int kills, int producers, long seed)
      throws InterruptedException, IOException {
    return new KillTrial(data, seed).run(kills, producers);
  }

  private Report run(int kills, int producers) throws InterruptedException, IOException {
    Duration slowest = Duration.ZERO;
    ServerProcess server = start();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < producers; i++) {
      String stream = "kill-" + i;
      CameraFleet.createStream(server, stream);
      acknowledged.put(stream, new ConcurrentHashMap<>());
      threads.add(Thread.ofVirtual().name(stream).start(() -> produce(stream)));
    }
    for (int i = 0; i < kills; i++) {
      Thread.sleep(500 + random.nextInt(1500));
      server.kill();
      server = start();
      slowest = slowest.compareTo(server.timeToReady()) < 0 ? server.timeToReady() : slowest;
    }
    Thread.sleep(500);
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    // A last kill, so that nothing of a clean stop helps.
    server.kill();
    try (ServerProcess last = start()) {
      int stored = 0;
      for (String stream : acknowledged.keySet()) {
        stored += verify(last, stream);
      }
      int acks = acknowledged.values().stream().mapToInt(Map::size).sum();
      return new Report(acks, stored, slowest);
    }
  }

  private ServerProcess start() {
    return ServerProcess.start(data, List.of("-Xmx512m"), port);
  }

  private static byte[] cluster(String stream, long timecode) {
    return cluster(stream.hashCode() * 31L + timecode, timecode, FRAMES, FRAME_BYTES);
  }

  /** A cluster of frames 20 ms apart with content that its timecode determines. */
  static byte[] cluster(long timecode, int frames, int frameBytes) {
    return cluster(timecode, timecode, frames, frameBytes);
  }

  private static byte[] cluster(long seed, long timecode, int frames, int frameBytes) {
    Random content = new Random(seed);
    ClusterWriter writer =
        new ClusterWriter(timecode * 1_000_000, 1_000_000, frames * frameBytes + 4096);
    byte[] payload = new byte[frameBytes];
    for (int i = 0; i < frames; i++) {
      content.nextBytes(payload);
      writer.add(1, (timecode + i * 20L) * 1_000_000, i == 0, ByteBuffer.wrap(payload));
    }
    return bytes(writer.finish());
  }

  /** The header part that goes before the clusters. */
  static byte[] header() {
    return bytes(HEADER.duplicate());
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return copy;
  }

  private void produce(String stream) {
    long timecode = 1_700_000_000_000L;
    while (!stop.get()) {
      try (PutMediaSocket socket =
          PutMediaSocket.absolute(endpoint, stream, ack -> record(stream, ack))) {
        byte[] header = header();
        socket.send(header, 0, header.length);
        while (!stop.get() && !socket.ended().isDone()) {
          socket.sendAll(cluster(stream, timecode), 8192);
          timecode += FRAMES * 20L;
          Thread.sleep(PACE_MILLIS);
        }
        if (stop.get()) {
          socket.finish();
          socket.ended().join();
        }
      } catch (IOException e) {
        // The server was killed; the next connection goes on with the next fragment.
        timecode += FRAMES * 20L;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void record(String stream, Ack ack) {
    if (ack.type().equals("PERSISTED")) {
      acknowledged.get(stream).put(ack.number(), ack.timecode());
    }
  }

  private int verify(ServerProcess server, String stream) throws IOException, InterruptedException {
    Map<String, Long> listed = list(server, stream);
    for (Map.Entry<String, Long> ack : acknowledged.get(stream).entrySet()) {
      if (!ack.getValue().equals(listed.get(ack.getKey()))) {
        throw new AssertionError(
            stream + ": acknowledged " + ack + " but listed " + listed.get(ack.getKey()));
      }
    }
    List<String> numbers = List.copyOf(listed.keySet());
    for (int at = 0; at < numbers.size(); at += LIST_LIMIT) {
      compare(
          server, stream, numbers.subList(at, Math.min(numbers.size(), at + LIST_LIMIT)), listed);
    }
    return listed.size();
  }

  /** Fragment number to producer timestamp in milliseconds, for everything stored. */
  static Map<String, Long> list(ServerProcess server, String stream) {
    Map<String, Long> found = new TreeMap<>();
    String token = "";
    do {
      String request =
          token.isEmpty()
              ? "{\"StreamName\":\"%s\",\"MaxResults\":1000,\"FragmentSelector\":{\"FragmentSelectorType\":\"PRODUCER_TIMESTAMP\",\"TimestampRange\":{\"StartTimestamp\":1600000000,\"EndTimestamp\":1900000000}}}"
                  .formatted(stream)
              : "{\"StreamName\":\"%s\",\"NextToken\":\"%s\"}".formatted(stream, token);
      HttpResponse<String> reply = server.post("/listFragments", request);
      if (reply.statusCode() != 200) {
        throw new IllegalStateException(reply.body());
      }
      token = ListReply.read(reply.body(), found);
    } while (!token.isEmpty());
    return found;
  }

  private static void compare(
      ServerProcess server, String stream, List<String> numbers, Map<String, Long> times)
      throws IOException, InterruptedException {
    String list =
        numbers.stream().map(number -> '"' + number + '"').collect(Collectors.joining(","));
    HttpRequest request =
        HttpRequest.newBuilder(server.endpoint().resolve("/getMediaForFragmentList"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"StreamName\":\"" + stream + "\",\"Fragments\":[" + list + "]}"))
            .build();
    Map<String, List<String>> seen = new HashMap<>();
    try (HttpClient client = HttpClient.newHttpClient();
        InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
      for (SeenFrame frame : ParserLibrary.frames(body)) {
        seen.computeIfAbsent(frame.fragmentNumber(), number -> new ArrayList<>())
            .add(frame.content());
      }
    }
    for (String number : numbers) {
      List<String> sent = contents(stream, times.get(number));
      if (!sent.equals(seen.get(number))) {
        throw new AssertionError(stream + ": fragment " + number + " differs from what was sent");
      }
    }
  }

  private static List<String> contents(String stream, long timecode) throws IOException {
    byte[] cluster = cluster(stream, timecode);
    byte[] header = header();
    byte[] document = new byte[header.length + cluster.length];
    System.arraycopy(header, 0, document, 0, header.length);
    System.arraycopy(cluster, 0, document, header.length, cluster.length);
    try (InputStream in = new ByteArrayInputStream(document)) {
      return ParserLibrary.frames(in).stream().map(SeenFrame::content).toList();
    }
  }
}
