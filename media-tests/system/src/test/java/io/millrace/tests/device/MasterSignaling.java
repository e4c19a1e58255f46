package io.millrace.tests.device;

import dev.onvoid.webrtc.RTCIceCandidate;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The device as master of a signaling channel: its WebSocket. */
final class MasterSignaling implements WebSocket.Listener {
  private static final int WAIT_SECONDS = 15;

  private final HttpClient client;
  private final String arn;
  private final WebSocket socket;
  private final StringBuilder text = new StringBuilder();
  private final BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();

  /**
   * Connects.
   *
   * @param endpoint of the protocol WSS
   */
  MasterSignaling(HttpClient client, String endpoint, String arn) {
    this.client = client;
    this.arn = arn;
    URI uri =
        URI.create(
            endpoint + "?X-Amz-ChannelARN=" + URLEncoder.encode(arn, StandardCharsets.UTF_8));
    socket = client.newWebSocketBuilder().buildAsync(uri, this).join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      messages.add(new JsonObject(text.toString()));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  /**
   * Joins the storage session.
   *
   * @param endpoint of the protocol WEBRTC
   */
  void join(String endpoint) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(endpoint + "/joinStorageSession"))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        new JsonObject().put("channelArn", arn).encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
  }

  /** The session's offer. */
  String offer() throws InterruptedException {
    JsonObject message = messages.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (message == null || !message.getString("messageType").equals("SDP_OFFER")) {
      throw new IllegalStateException("no offer but " + message);
    }
    byte[] payload = Base64.getDecoder().decode(message.getString("messagePayload"));
    return new JsonObject(new String(payload, StandardCharsets.UTF_8)).getString("sdp");
  }

  void answer(String sdp) {
    send("SDP_ANSWER", new JsonObject().put("type", "answer").put("sdp", sdp));
  }

  void candidate(RTCIceCandidate candidate) {
    send(
        "ICE_CANDIDATE",
        new JsonObject()
            .put("candidate", candidate.sdp)
            .put("sdpMid", candidate.sdpMid)
            .put("sdpMLineIndex", candidate.sdpMLineIndex));
  }

  /** One at a time, as the library's threads call it too. */
  private synchronized void send(String action, JsonObject payload) {
    String encoded =
        Base64.getEncoder().encodeToString(payload.encode().getBytes(StandardCharsets.UTF_8));
    String message = new JsonObject().put("action", action).put("messagePayload", encoded).encode();
    socket.sendText(message, true).join();
  }

  void close() {
    socket.abort();
  }
}
