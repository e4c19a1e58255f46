package io.millrace.tests.bench;

import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.stun.StunKey;
import io.millrace.ingest.webrtc.stun.StunType;
import io.millrace.ingest.webrtc.stun.StunWriter;
import io.millrace.ingest.webrtc.transport.PeerTable;
import io.millrace.ingest.webrtc.transport.UdpPort;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/** What it costs the thread that reads the WebRTC port to drop what is nobody's. */
final class JunkBench implements Bench {
  private static final int BUFFER_BYTES = 4 << 20;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration MEASURED = Duration.ofSeconds(5);

  @Override
  public String purpose() {
    return "datagrams of strangers that the WebRTC port drops in a CPU-second of its thread";
  }

  @Override
  public void run(Table table) throws Exception {
    Random random = new Random(1);
    byte[] media = new byte[1200];
    random.nextBytes(media);
    media[0] = (byte) 0x80;
    byte[] handshake = media.clone();
    handshake[0] = 22;
    byte[] broken = media.clone();
    broken[0] = 1;
    byte[] check =
        new StunWriter(StunType.BINDING_REQUEST, new byte[12])
            .username("0123456789abcdef:peer")
            .priority(1)
            .toBytes(new StunKey("nobody's"));
    Map<String, byte[]> kinds = new LinkedHashMap<>();
    kinds.put("like SRTP, 1,200 bytes", media);
    kinds.put("like DTLS, 1,200 bytes", handshake);
    kinds.put("like STUN, 1,200 bytes", broken);
    kinds.put("STUN request for nobody, %d bytes".formatted(check.length), check);
    table.head("kind", "sent/s", "dropped/s", "dropped in a CPU-second");
    for (Map.Entry<String, byte[]> each : kinds.entrySet()) {
      measure(table, each.getKey(), each.getValue());
    }
  }

  private static void measure(Table table, String kind, byte[] packet) throws Exception {
    WebRtcMetrics metrics = new WebRtcMetrics();
    AtomicReference<Thread> reader = new AtomicReference<>();
    InetAddress here = InetAddress.getLoopbackAddress();
    try (UdpPort port =
            UdpPort.open(
                new InetSocketAddress(here, 0),
                BUFFER_BYTES,
                new PeerTable(),
                metrics,
                work -> {
                  Thread thread = Thread.ofPlatform().daemon().unstarted(work);
                  reader.set(thread);
                  return thread;
                });
        DatagramSocket sender = new DatagramSocket(0, here)) {
      DatagramPacket datagram = new DatagramPacket(packet, packet.length, port.local());
      send(sender, datagram, WARM_UP);
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long cpuNanos = threads.getThreadCpuTime(reader.get().threadId());
      long dropped = metrics.strayPackets.sum();
      long sent = send(sender, datagram, MEASURED);
      dropped = metrics.strayPackets.sum() - dropped;
      cpuNanos = threads.getThreadCpuTime(reader.get().threadId()) - cpuNanos;
      table.row(
          kind,
          "%,d".formatted(sent / MEASURED.toSeconds()),
          "%,d".formatted(dropped / MEASURED.toSeconds()),
          "%,.0f".formatted(dropped / (cpuNanos / 1e9)));
    }
  }

  private static long send(DatagramSocket sender, DatagramPacket datagram, Duration time)
      throws IOException {
    long end = System.nanoTime() + time.toNanos();
    long sent = 0;
    while (System.nanoTime() < end) {
      sender.send(datagram);
      sent++;
    }
    return sent;
  }
}
