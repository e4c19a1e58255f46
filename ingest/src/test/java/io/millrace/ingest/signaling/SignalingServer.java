package io.millrace.ingest.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.wire.FrontDoor;
import io.millrace.api.wire.FrontDoorSettings;
import io.millrace.api.wire.OperationRouter;
import io.millrace.api.wire.RouterSettings;
import io.millrace.ingest.control.ControlSettings;
import io.millrace.ingest.control.StreamControl;
import io.millrace.store.local.Store;
import io.millrace.store.local.StoreSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Signaling over a real store and behind a real front door. */
public final class SignalingServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  public final Vertx vertx = Vertx.vertx();
  public final Signaling signaling;
  public final FrontDoor door;
  public final TestPeers peers = new TestPeers();
  private final Store store;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * @param change to the default settings
   */
  public static SignalingServer open(Path data, UnaryOperator<SignalingSettings> change)
      throws Exception {
    return new SignalingServer(data, change);
  }

  private SignalingServer(Path data, UnaryOperator<SignalingSettings> change) throws Exception {
    store =
        Store.open(
            new StoreSettings(
                false,
                StoreSettings.DEFAULTS.engine(),
                StoreSettings.DEFAULTS.catalog(),
                StoreSettings.DEFAULTS.tables()),
            data,
            InstantSource.system(),
            new SplittableRandom(11),
            Thread::new);
    OperationRouter router =
        new OperationRouter(
            vertx,
            RouterSettings.defaults(),
            Authenticator.acceptAll(),
            new ApiMetrics(),
            new SplittableRandom(12));
    ControlSettings control = ControlSettings.defaults(() -> "http://media.example:8080");
    new StreamControl(store.catalog(), control, name -> {}).register(router);
    signaling =
        new Signaling(
            vertx,
            store.table("signaling"),
            store.catalog(),
            change.apply(SignalingSettings.defaults(control, () -> "https://media.example")),
            InstantSource.system(),
            new SplittableRandom(13));
    signaling.storeWith(peers);
    signaling.register(router);
    door = await(FrontDoor.open(vertx, FrontDoorSettings.on("127.0.0.1", 0), router));
  }

  public static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Posts JSON written with single quotes to an operation's path and expects success. */
  public JsonNode call(String operation, String json) throws Exception {
    HttpResponse<String> answer = post(operation, json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** Status, error type and message of a refusal. */
  public String refusal(String operation, String json) throws Exception {
    HttpResponse<String> answer = post(operation, json);
    assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(400);
    return answer.statusCode()
        + " "
        + answer.headers().firstValue("x-amzn-ErrorType").orElseThrow()
        + ": "
        + JSON.readTree(answer.body()).get("Message").asText();
  }

  private HttpResponse<String> post(String operation, String json) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/" + operation))
            .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Makes a channel and gives its ARN. */
  public String channel(String name) throws Exception {
    return call("createSignalingChannel", "{'ChannelName':'" + name + "'}")
        .get("ChannelARN")
        .asText();
  }

  /** Makes a stream and gives its ARN. */
  public String stream(String name, int retentionHours) throws Exception {
    return call(
            "createStream",
            "{'StreamName':'%s','DataRetentionInHours':%d}".formatted(name, retentionHours))
        .get("StreamARN")
        .asText();
  }

  @Override
  public void close() throws Exception {
    await(vertx.close());
    store.close();
  }
}
