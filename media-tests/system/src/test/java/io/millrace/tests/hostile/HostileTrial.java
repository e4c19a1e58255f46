package io.millrace.tests.hostile;

import io.millrace.tests.load.RtpClip;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Three good cameras while others send packets that are malformed, forged or without end. Nothing
 * of what the cameras sent may be missing, and nothing of what the others did may stay.
 */
public final class HostileTrial {
  private static final long MEGABYTE = 1 << 20;

  /** What the heap and the buffers of sockets may grow by; the heap alone may have 512 MB. */
  private static final long MAX_GROWTH_BYTES = 400 * MEGABYTE;

  /** That the cameras send before the attacks begin, and after they end. */
  private static final int WARM_UP_SECONDS = 4;

  private static final int MAX_MORE_THREADS = 30;
  private static final Duration LEAVING = Duration.ofSeconds(20);

  /** Shares of the packets, in thousandths. */
  private record Part(int thousandths, Attack attack) {}

  /**
   * How much.
   *
   * @param packets in all
   * @param seconds that they are spread over
   */
  public record Size(long packets, int seconds) {}

  /** The trial at full length. */
  public static final Size MILLION = new Size(1_000_000, 60);

  /**
   * What came out.
   *
   * @param packets sent of each kind
   * @param cameras what is stored of them
   * @param before when the cameras sent and nobody else
   * @param after when everybody had left
   * @param peakBytes most memory in RAM
   * @param dropped datagrams that the system had no room for, by port, at the end of the attacks
   * @param complaints what is not as it should be
   */
  record Report(
      Map<String, Long> packets,
      List<GoodCameras.Kept> cameras,
      ServerState before,
      ServerState after,
      long peakBytes,
      Map<Integer, Long> dropped,
      List<String> complaints) {

    boolean isGood() {
      return complaints.isEmpty();
    }

    long sent() {
      return packets.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private final ServerProcess server;
  private final Size size;
  private final long seed;
  private final Path clip;
  private final List<String> complaints = new ArrayList<>();

  private HostileTrial(ServerProcess server, Size size, long seed, Path clip) {
    this.server = server;
    this.size = size;
    this.seed = seed;
    this.clip = clip;
  }

  /** Runs it and prints a table; false when something was not as it should be. */
  public static boolean print(Path folder, Size size, long seed) throws Exception {
    Report report = run(folder, size, seed);
    System.out.println("| packets | of |\n| --- | --- |");
    report.packets.forEach((kind, sent) -> System.out.printf("| %,d | %s |%n", sent, kind));
    System.out.printf("| %,d | in all |%n%n", report.sent());
    System.out.println("| good camera | pictures sent | stored | missing |");
    System.out.println("| --- | --- | --- | --- |");
    report.cameras.forEach(
        each ->
            System.out.printf(
                "| %s | %d | %d | %d |%n",
                each.camera(), each.sent(), each.stored(), each.missing()));
    System.out.println("\n| server | before | after |\n| --- | --- | --- |");
    row("RSS MB", report.before.residentBytes() >> 20, report.after.residentBytes() >> 20);
    row("threads", report.before.threads(), report.after.threads());
    row("sockets", report.before.sockets(), report.after.sockets());
    row("RTSP connections", report.before.rtsp(), report.after.rtsp());
    row("WebRTC peers", report.before.webRtc(), report.after.webRtc());
    System.out.printf(
        "%npeak RSS %d MB, %.1f CPU-s%n",
        report.peakBytes >> 20, report.after.cpuSeconds() - report.before.cpuSeconds());
    System.out.println("datagrams dropped by the system, by port: " + report.dropped);
    report.complaints.forEach(each -> System.out.println("WRONG: " + each));
    return report.isGood();
  }

  private static void row(String name, long before, long after) {
    System.out.printf("| %s | %d | %d |%n", name, before, after);
  }

  /** Runs it. */
  static Report run(Path folder, Size size, long seed) throws Exception {
    Path clip = folder.resolve("clip.mkv");
    GoodCameras.writeClip(clip);
    try (ServerProcess server =
        ServerProcess.start(
            folder.resolve("data"),
            "--set",
            "webrtc.connect-timeout=3s",
            "--set",
            "rtsp.session-timeout=5s",
            "--set",
            "rtsp.udp-port-min=" + (40_000 + (int) (Math.abs(seed) % 9000) * 2),
            "--set",
            "rtsp.udp-port-max=65535")) {
      return new HostileTrial(server, size, seed, clip).run(folder);
    }
  }

  private Report run(Path folder) throws Exception {
    int times = (size.seconds() + WARM_UP_SECONDS) / GoodCameras.CLIP_SECONDS;
    try (OnPath path = new OnPath(server.endpoint());
        GoodCameras cameras = new GoodCameras(folder, clip, times)) {
      cameras.start(server, path.endpoint());
      await(Duration.ofSeconds(10), () -> state().rtsp() == 2 && state().webRtc() == 1);
      await(Duration.ofSeconds(10), () -> path.seen().size() > 50);
      ServerState before = state();
      Map<String, Long> sent = attack(path);
      Map<Integer, Long> dropped = ServerState.udpDrops(server.pid());
      complaints.addAll(cameras.await());
      if (!await(LEAVING, () -> state().isIdle())) {
        complaints.add("somebody never left");
      }
      ServerState after = state();
      List<GoodCameras.Kept> kept = cameras.kept(server);
      judge(before, after, kept);
      return new Report(
          sent, kept, before, after, ServerState.peakBytes(server), dropped, complaints);
    }
  }

  private ServerState state() {
    try {
      return ServerState.of(server);
    } catch (IOException e) {
      throw new IllegalStateException(server.log(), e);
    }
  }

  private static boolean await(Duration limit, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(100);
    }
    return true;
  }

  /** All at the same time, each at its own pace. */
  private Map<String, Long> attack(OnPath path) throws IOException {
    List<CompletableFuture<Map.Entry<String, Long>>> running = new ArrayList<>();
    for (Part part : parts(path)) {
      long packets = size.packets() * part.thousandths() / 1000;
      Pace pace = new Pace((double) packets / size.seconds());
      running.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return Map.entry(part.attack().kind(), part.attack().run(packets, pace));
                } catch (IOException e) {
                  throw new IllegalStateException(part.attack().kind(), e);
                }
              },
              task -> Thread.ofPlatform().daemon().start(task)));
    }
    Map<String, Long> sent = new TreeMap<>();
    for (CompletableFuture<Map.Entry<String, Long>> each : running) {
      sent.put(each.join().getKey(), each.join().getValue());
    }
    return sent;
  }

  private List<Part> parts(OnPath path) throws IOException {
    URI rtsp = URI.create(server.rtsp());
    List<byte[]> truth = RtpJunk.packets(RtpClip.read(clip).frames());
    int webRtc = path.answer().port();
    List<Integer> cameraPorts =
        ServerState.udpDrops(server.pid()).keySet().stream()
            .filter(port -> port != webRtc)
            .toList();
    if (cameraPorts.size() < 2) {
      throw new IllegalStateException("no UDP ports of an RTSP session: " + cameraPorts);
    }
    List<byte[]> dtls = path.seen().stream().filter(each -> isDtls(each[0])).toList();
    List<byte[]> media = path.seen().stream().filter(each -> (each[0] & 0xc0) == 0x80).toList();
    Junk[] junk = new Junk[12];
    for (int i = 0; i < junk.length; i++) {
      junk[i] = new Junk(seed + i);
    }
    DtlsJunk stray = new DtlsJunk(junk[6], dtls);
    DtlsJunk forged = new DtlsJunk(junk[7], dtls);
    return List.of(
        new Part(200, new StrangerRtpAttack(new RtpJunk(junk[0], truth), cameraPorts)),
        new Part(150, new BrokenCameraAttack(rtsp, false, new RtpJunk(junk[1], truth), junk[1])),
        new Part(100, new BrokenCameraAttack(rtsp, true, new RtpJunk(junk[2], truth), junk[2])),
        new Part(50, new RequestAttack(rtsp, junk[3])),
        new Part(200, new StunAttack(path.answer(), junk[4])),
        new Part(50, new UdpFlood("DTLS of strangers", webRtc, stray::any)),
        new Part(50, new InjectionAttack("DTLS in a camera's name", path, forged::any)),
        new Part(50, new HandshakeFlood(server.endpoint(), junk[8])),
        new Part(100, new UdpFlood("SRTP of strangers", webRtc, () -> srtp(junk[9], media))),
        new Part(
            50, new InjectionAttack("SRTP in a camera's name", path, () -> srtp(junk[10], media))));
  }

  private static boolean isDtls(byte first) {
    return first >= 20 && first < 64;
  }

  /** Another's packet changed, or chance behind a right first byte. */
  private static byte[] srtp(Junk junk, List<byte[]> media) {
    byte[] packet =
        junk.below(2) == 0
            ? junk.bytes(1 + junk.below(1400))
            : junk.mutated(media.get(junk.below(media.size())));
    if (packet.length > 0) {
      packet[0] = (byte) (0x80 | junk.below(64));
    }
    return packet;
  }

  private void judge(ServerState before, ServerState after, List<GoodCameras.Kept> kept)
      throws IOException {
    for (GoodCameras.Kept each : kept) {
      if (each.missing() > 0 || each.stored() != each.sent()) {
        complaints.add("not what was sent: " + each);
      }
    }
    long growth = ServerState.peakBytes(server) - before.residentBytes();
    if (growth > MAX_GROWTH_BYTES) {
      complaints.add("memory grew by %d MB".formatted(growth >> 20));
    }
    if (after.threads() > before.threads() + MAX_MORE_THREADS) {
      complaints.add("threads: %d, then %d".formatted(before.threads(), after.threads()));
    }
    if (after.sockets() > before.sockets()) {
      complaints.add("sockets: %d, then %d".formatted(before.sockets(), after.sockets()));
    }
    server
        .log()
        .lines()
        .filter(line -> line.contains("has been blocked") || line.contains("connected=true"))
        .filter(line -> complaints.size() > 0 || !line.contains("connected=true"))
        .forEach(line -> complaints.add("the server says: " + line));
  }
}
