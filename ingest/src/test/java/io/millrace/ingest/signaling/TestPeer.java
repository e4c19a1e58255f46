package io.millrace.ingest.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A client of a channel's WebSocket that shows what it gets. */
public final class TestPeer {
  private static final ObjectMapper JSON = new ObjectMapper();

  public final WebSocket socket;
  public final CompletableFuture<Short> closed = new CompletableFuture<>();
  private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

  /** A client that nobody holds closes its sockets. */
  private final WebSocketClient client;

  private TestPeer(WebSocketClient client, WebSocket socket) {
    this.client = client;
    this.socket = socket;
    socket.textMessageHandler(texts::add);
    socket.closeHandler(end -> closed.complete(socket.closeStatusCode()));
    socket.exceptionHandler(failure -> assertThat(failure).isInstanceOf(HttpClosedException.class));
    socket.resume();
  }

  public static TestPeer master(SignalingServer server, String arn) throws Exception {
    return connect(server, "/signaling/master?X-Amz-ChannelARN=" + encoded(arn));
  }

  public static TestPeer viewer(SignalingServer server, String arn, String client)
      throws Exception {
    return connect(
        server, "/signaling/viewer?X-Amz-ChannelARN=" + encoded(arn) + "&X-Amz-ClientId=" + client);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Connects to a path and query. */
  public static TestPeer connect(SignalingServer server, String uri) throws Exception {
    WebSocketClient client =
        server.vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxFrameSize(1 << 20).setMaxMessageSize(1 << 20));
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(server.door.port())
            .setURI(uri)
            .addSubProtocol("wss");
    CompletableFuture<TestPeer> made = new CompletableFuture<>();
    long before = server.signaling.metrics().connections.sum();
    client
        .connect(options)
        .onSuccess(
            socket -> {
              socket.pause();
              made.complete(new TestPeer(client, socket));
            })
        .onFailure(made::completeExceptionally);
    TestPeer peer = made.get(10, TimeUnit.SECONDS);
    // The server is done with the handshake a moment after the client.
    Awaitility.await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> server.signaling.metrics().connections.sum() > before);
    return peer;
  }

  /** Sends JSON written with single quotes. */
  public TestPeer send(String json) {
    var unused = socket.writeTextMessage(json.replace('\'', '"'));
    return this;
  }

  /** Sends a message with a correlation id. */
  public TestPeer send(String action, String recipient, String payload, String correlation) {
    return send(
        "{'action':'%s','recipientClientId':'%s','messagePayload':'%s','correlationId':'%s'}"
            .formatted(action, recipient, payload, correlation));
  }

  /** The next text, within seconds. */
  public JsonNode next() throws Exception {
    String text = texts.poll(10, TimeUnit.SECONDS);
    assertThat(text).as("a message within 10 s").isNotNull();
    return JSON.readTree(text);
  }

  /** The next text as type, sender and payload. */
  public String message() throws Exception {
    JsonNode message = next();
    return message.get("messageType").asText()
        + " "
        + message.path("senderClientId").asText("-")
        + " "
        + message.path("messagePayload").asText();
  }

  /** The next text, a status, as correlation id, error and status code. */
  public String status() throws Exception {
    JsonNode message = next();
    assertThat(message.get("messageType").asText()).isEqualTo("STATUS_RESPONSE");
    JsonNode status = message.get("statusResponse");
    assertThat(status.get("statusCode").isTextual()).isTrue();
    assertThat(status.get("description").asText()).isNotEmpty();
    return status.get("correlationId").asText()
        + " "
        + status.get("errorType").asText()
        + " "
        + status.get("statusCode").asText();
  }

  /** Code with which the server closed, within seconds. */
  public int closeCode() throws Exception {
    Short code = closed.get(10, TimeUnit.SECONDS);
    return code == null ? -1 : code;
  }

  /** What came and was not asked for. */
  public BlockingQueue<String> rest() {
    return texts;
  }

  public void close() throws Exception {
    SignalingServer.await(socket.close());
    SignalingServer.await(client.close());
  }
}
