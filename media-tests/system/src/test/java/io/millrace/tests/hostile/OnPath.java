package io.millrace.tests.hostile;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * One on the path between a WHIP camera and the server: hands everything on as it is, but can send
 * to the server with the camera's address as sender, and has seen true packets.
 */
final class OnPath implements AutoCloseable {
  private static final int BUFFER_BYTES = 2 << 20;
  private static final int SEEN = 256;

  private final URI server;
  private final HttpServer http;
  private final HttpClient client = HttpClient.newHttpClient();
  private final DatagramSocket cameraSide;
  private final DatagramSocket serverSide;
  private final CompletableFuture<IceAnswer> answered = new CompletableFuture<>();
  private final List<byte[]> seen = new ArrayList<>();
  private volatile SocketAddress camera;

  OnPath(URI server) throws IOException {
    this.server = server;
    InetAddress here = InetAddress.getByName("127.0.0.1");
    cameraSide = new DatagramSocket(0, here);
    serverSide = new DatagramSocket(0, here);
    for (DatagramSocket each : List.of(cameraSide, serverSide)) {
      each.setReceiveBufferSize(BUFFER_BYTES);
    }
    http = HttpServer.create(new InetSocketAddress(here, 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::exchange);
    http.start();
    Thread.ofVirtual().start(this::fromCamera);
    Thread.ofVirtual().start(this::fromServer);
  }

  /** Where the camera posts its offer instead of at the server. */
  URI endpoint() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /** What the server answered the camera; waits for it. */
  IceAnswer answer() {
    return answered.join();
  }

  private void exchange(HttpExchange exchange) throws IOException {
    try (exchange) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(server.resolve(exchange.getRequestURI().toString()))
              .method(
                  exchange.getRequestMethod(),
                  HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
      String type = exchange.getRequestHeaders().getFirst("Content-Type");
      if (type != null) {
        request.header("Content-Type", type);
      }
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      String body = response.body();
      if (response.statusCode() == 201) {
        IceAnswer answer = IceAnswer.parse(body);
        body = body.replace(" " + answer.port() + " ", " " + cameraSide.getLocalPort() + " ");
        answered.complete(answer);
      }
      for (String name : List.of("Location", "ETag", "Content-Type")) {
        response
            .headers()
            .firstValue(name)
            .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
      }
      byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(response.statusCode(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fromCamera() {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    try {
      while (!cameraSide.isClosed()) {
        packet.setLength(65_535);
        cameraSide.receive(packet);
        camera = packet.getSocketAddress();
        byte[] bytes = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
        synchronized (seen) {
          if (seen.size() < SEEN) {
            seen.add(bytes);
          }
        }
        inject(bytes);
      }
    } catch (IOException | UncheckedIOException e) {
      // Closed.
    }
  }

  private void fromServer() {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    try {
      while (!serverSide.isClosed()) {
        packet.setLength(65_535);
        serverSide.receive(packet);
        SocketAddress to = camera;
        if (to != null) {
          cameraSide.send(new DatagramPacket(packet.getData(), packet.getLength(), to));
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /** Sends a datagram to the server that seems to come from the camera. */
  void inject(byte[] datagram) {
    try {
      serverSide.send(
          new DatagramPacket(
              datagram,
              datagram.length,
              InetAddress.getByName("127.0.0.1"),
              answered.join().port()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Packets that the camera sent first: STUN, its handshake, media. */
  List<byte[]> seen() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  @Override
  public void close() {
    http.stop(0);
    cameraSide.close();
    serverSide.close();
    client.shutdownNow();
  }
}
