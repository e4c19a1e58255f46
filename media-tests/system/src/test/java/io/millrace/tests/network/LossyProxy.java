package io.millrace.tests.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bad network between an RTSP client and a server: hands requests and answers on, with the ports
 * of their Transport headers changed to its own, and loses, delays and so reorders the datagrams.
 */
final class LossyProxy implements AutoCloseable {
  private static final Pattern CLIENT_PORTS = Pattern.compile("client_port=(\\d+)-(\\d+)");
  private static final Pattern SERVER_PORTS = Pattern.compile("server_port=(\\d+)-(\\d+)");
  private static final int MAX_DATAGRAM = 65_535;
  private static final int BUFFER_BYTES = 2 << 20;

  private final InetSocketAddress server;
  private final ServerSocket listening;
  private final SplittableRandom random;
  private final ScheduledExecutorService delayed = Executors.newSingleThreadScheduledExecutor();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final List<Relay> relays = new CopyOnWriteArrayList<>();
  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private volatile double lossShare;
  private volatile long jitterMillis;
  private volatile boolean down;

  LossyProxy(String host, int port, long seed) throws IOException {
    server = new InetSocketAddress(host, port);
    random = new SplittableRandom(seed);
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /**
   * How bad it is from now on.
   *
   * @param share of the datagrams that get lost
   * @param mostMillis that each is delayed by, evenly spread
   */
  void weather(double share, long mostMillis) {
    lossShare = share;
    jitterMillis = mostMillis;
  }

  /** Whether no datagram gets through. */
  void down(boolean cut) {
    down = cut;
  }

  /** Breaks every connection there is, as a power cut at the other end does. */
  void cut() {
    connections.forEach(LossyProxy::close);
    connections.clear();
  }

  /** Datagrams that got through. */
  long passed() {
    return passed.get();
  }

  /** Datagrams that did not. */
  long lost() {
    return lost.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Socket upstream = new Socket(server.getAddress(), server.getPort());
        connections.addAll(List.of(client, upstream));
        Session session = new Session();
        Thread.ofVirtual().start(() -> messages(client, upstream, session, true));
        Thread.ofVirtual().start(() -> messages(upstream, client, session, false));
      } catch (IOException e) {
        // Closed, or nobody serves there now: the client will find out.
      }
    }
  }

  /** The ports of the SETUP that waits for its answer. */
  private static final class Session {
    private Relay asked;
  }

  private void messages(Socket from, Socket to, Session session, boolean requests) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        Matcher length = Pattern.compile("(?i)content-length: *(\\d+)").matcher(head);
        byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(
            (requests ? request(head, session) : answer(head, session))
                .getBytes(StandardCharsets.ISO_8859_1));
        whole.writeBytes(body);
        out.write(whole.toByteArray());
      }
    } catch (IOException e) {
      // The other direction ends with it.
    }
  }

  /** A head with its empty line; empty at the end. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.append((char) next);
      if (next == '\n' && head.toString().endsWith("\r\n\r\n")) {
        return head.toString();
      }
    }
    return "";
  }

  private String request(String head, Session session) throws IOException {
    Matcher ports = CLIENT_PORTS.matcher(head);
    if (!ports.find()) {
      return head;
    }
    Relay relay = new Relay();
    relays.add(relay);
    session.asked = relay;
    relay.client = Integer.parseInt(ports.group(1));
    return ports.replaceFirst(relay.toServer.ports("client_port"));
  }

  private static String answer(String head, Session session) {
    Matcher ports = SERVER_PORTS.matcher(head);
    Relay relay = session.asked;
    if (relay == null || !ports.find()) {
      return head;
    }
    relay.server = Integer.parseInt(ports.group(1));
    String ours = ports.replaceFirst(relay.toClient.ports("server_port"));
    return CLIENT_PORTS
        .matcher(ours)
        .replaceFirst("client_port=%d-%d".formatted(relay.client, relay.client + 1));
  }

  /** Two pairs of ports, one for each side. */
  private final class Relay {
    private final Pair toClient = new Pair();
    private final Pair toServer = new Pair();
    private volatile int client;
    private volatile int server;

    Relay() throws IOException {
      for (int i = 0; i < 2; i++) {
        int which = i;
        hand(toClient.sockets.get(i), toServer.sockets.get(i), () -> server + which);
        hand(toServer.sockets.get(i), toClient.sockets.get(i), () -> client + which);
      }
    }

    private void hand(DatagramSocket from, DatagramSocket to, java.util.function.IntSupplier port) {
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                byte[] room = new byte[MAX_DATAGRAM];
                while (!from.isClosed()) {
                  try {
                    DatagramPacket packet = new DatagramPacket(room, room.length);
                    from.receive(packet);
                    fate(Arrays.copyOf(room, packet.getLength()), to, port.getAsInt());
                  } catch (IOException e) {
                    // Closed.
                  }
                }
              });
    }

    void close() {
      toClient.sockets.forEach(DatagramSocket::close);
      toServer.sockets.forEach(DatagramSocket::close);
    }
  }

  private synchronized void fate(byte[] datagram, DatagramSocket to, int port) throws IOException {
    if (down || random.nextDouble() < lossShare) {
      lost.incrementAndGet();
      return;
    }
    passed.incrementAndGet();
    DatagramPacket packet =
        new DatagramPacket(datagram, datagram.length, server.getAddress(), port);
    long mostMillis = jitterMillis;
    if (mostMillis == 0) {
      to.send(packet);
      return;
    }
    delayed.schedule(
        () -> {
          try {
            to.send(packet);
          } catch (IOException e) {
            // Closed meanwhile.
          }
        },
        random.nextLong(mostMillis * 1000),
        TimeUnit.MICROSECONDS);
  }

  /** Two neighbouring ports, the first of them even. */
  private static final class Pair {
    private final List<DatagramSocket> sockets = new ArrayList<>();

    Pair() throws IOException {
      while (sockets.isEmpty()) {
        DatagramSocket first = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        try {
          if (first.getLocalPort() % 2 == 0) {
            sockets.add(
                new DatagramSocket(first.getLocalPort() + 1, InetAddress.getLoopbackAddress()));
            sockets.addFirst(first);
          }
        } catch (SocketException e) {
          // The neighbour is taken.
        } finally {
          if (sockets.isEmpty()) {
            first.close();
          }
        }
      }
      for (DatagramSocket each : sockets) {
        each.setReceiveBufferSize(BUFFER_BYTES);
      }
    }

    String ports(String name) {
      return "%s=%d-%d"
          .formatted(name, sockets.getFirst().getLocalPort(), sockets.getLast().getLocalPort());
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
    relays.forEach(Relay::close);
    delayed.shutdownNow();
  }
}
