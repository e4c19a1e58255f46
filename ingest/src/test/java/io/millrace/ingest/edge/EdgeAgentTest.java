package io.millrace.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.ingest.control.ControlSettings;
import io.millrace.ingest.control.StreamControl;
import io.millrace.ingest.source.ScriptedPuller;
import io.millrace.ingest.source.SourceServer;
import io.millrace.ingest.source.SourceSettings;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edge configurations over HTTP, at a time that the test sets; the cameras are scripted. */
class EdgeAgentTest {
  private static final String SECRET = "arn:aws:secretsmanager:us-east-1:000000000000:secret:";

  @TempDir Path data;
  private volatile Instant now = Instant.parse("2026-11-21T11:59:58Z");
  private SourceServer server;
  private ScriptedPuller puller;
  private EdgeAgent edge;

  @BeforeEach
  void open() throws Exception {
    InstantSource clock = () -> now;
    server = new SourceServer(data, SourceSettings.defaults(), clock);
    puller = server.puller;
    ControlSettings control = ControlSettings.defaults(() -> "http://media.example");
    edge =
        new EdgeAgent(
            server.vertx,
            server.store.table("edge"),
            server.sources,
            server.store.catalog(),
            new EdgeSettings(control, 2, ZoneOffset.UTC),
            clock);
    edge.register(server.router);
    new StreamControl(server.store.catalog(), control, edge::deleted).register(server.router);
    server.listen();
    edge.start();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private String call(String method, String path, String json) throws Exception {
    HttpResponse<String> answer = server.call(method, path, json.replace('\'', '"'));
    return answer.headers().firstValue("x-amzn-ErrorType").map(type -> type + " ").orElse("")
        + answer.body();
  }

  private void stream(String name) throws Exception {
    call("POST", "/createStream", "{'StreamName':'%s','DataRetentionInHours':1}".formatted(name));
  }

  private void camera(String name, boolean enabled) throws Exception {
    call(
        "PUT",
        "/v1/sources/" + name,
        "{'url':'rtsp://u:p@cam/%s','enabled':%b}".formatted(name, enabled));
  }

  private String start(String stream, String secret, String schedule) throws Exception {
    return call(
        "POST",
        "/startEdgeConfigurationUpdate",
        ("{'StreamName':'%s','EdgeConfig':{'HubDeviceArn':'arn:aws:iot:us-east-1:1:thing/hub',"
                + "'RecorderConfig':{'MediaSourceConfig':{'MediaUriSecretArn':'%s',"
                + "'MediaUriType':'RTSP_URI'}%s}}}")
            .formatted(stream, SECRET + secret, schedule));
  }

  private JsonObject describe(String stream) throws Exception {
    return new JsonObject(
        call("POST", "/describeEdgeConfiguration", "{'StreamName':'" + stream + "'}"));
  }

  private boolean isPulled(int pull) {
    return !puller.pulls.get(pull).ended.future().isComplete();
  }

  @Test
  void aScheduleIsKept() throws Exception {
    stream("porch");
    camera("cam", false);
    start(
        "porch",
        "cam-a1B2c3",
        ",'ScheduleConfig':{'ScheduleExpression':'0 0 12 * * ?','DurationInSeconds':60}");
    assertThat(describe("porch").getString("SyncStatus")).isEqualTo("IN_SYNC");
    assertThat(describe("porch").encode()).contains("waiting for its time");
    assertThat(puller.pulls).isEmpty();
    now = Instant.parse("2026-11-21T12:00:00Z");
    await().until(() -> puller.pulls.size() == 1);
    assertThat(puller.pulls.getFirst().source.stream()).isEqualTo("porch");
    assertThat(puller.pulls.getFirst().source.password()).contains("p");
    now = Instant.parse("2026-11-21T12:01:00Z");
    await().until(() -> !isPulled(0));
    assertThat(puller.pulls).hasSize(1);
  }

  @Test
  void whatASecretNamesMayComeChangeAndGo() throws Exception {
    stream("porch");
    assertThat(start("porch", "cam", "")).contains("\"SyncStatus\":\"SYNCING\"");
    assertThat(describe("porch").getString("SyncStatus")).isEqualTo("SYNC_FAILED");
    assertThat(describe("porch").getString("FailedStatusDetails")).contains("no source 'cam'");
    camera("cam", false);
    await().until(() -> puller.pulls.size() == 1);
    assertThat(describe("porch").getString("SyncStatus")).isEqualTo("IN_SYNC");
    call("PUT", "/v1/sources/cam", "{'url':'rtsp://u:other@cam/2','enabled':false}");
    await().until(() -> puller.pulls.size() == 2);
    assertThat(isPulled(0)).isFalse();
    assertThat(puller.pulls.get(1).source.password()).contains("other");
    call("DELETE", "/v1/sources/cam", "");
    await().until(() -> !isPulled(1));
    assertThat(describe("porch").getString("SyncStatus")).isEqualTo("SYNC_FAILED");
  }

  @Test
  void aSourceThatBringsTheStreamItselfIsNotPulledTwice() throws Exception {
    stream("porch");
    camera("porch", true);
    await().until(() -> puller.pulls.size() == 1);
    start("porch", "porch", "");
    assertThat(describe("porch").getString("FailedStatusDetails")).contains("by itself");
    camera("porch", false);
    await().until(() -> puller.pulls.size() == 2);
    assertThat(isPulled(0)).isFalse();
    assertThat(puller.pulls.get(1).source.name()).isEqualTo("edge/porch");
  }

  @Test
  void aDeletedStreamTakesItsConfigurationAlong() throws Exception {
    stream("porch");
    camera("cam", false);
    start("porch", "cam", "");
    await().until(() -> puller.pulls.size() == 1);
    String arn =
        new JsonObject(call("POST", "/describeStream", "{'StreamName':'porch'}"))
            .getJsonObject("StreamInfo")
            .getString("StreamARN");
    call("POST", "/deleteStream", "{'StreamARN':'" + arn + "'}");
    await().until(() -> !isPulled(0));
    await().until(() -> server.store.table("edge").entries().isEmpty());
  }

  @Test
  void whatCannotBeDoneIsRefused() throws Exception {
    stream("a");
    stream("b");
    stream("c");
    call("POST", "/createStream", "{'StreamName':'kept-nowhere'}");
    assertThat(start("nobody", "cam", "")).startsWith("ResourceNotFoundException");
    assertThat(start("kept-nowhere", "cam", "")).startsWith("NoDataRetentionException");
    assertThat(
            start(
                "a",
                "cam",
                ",'ScheduleConfig':{'ScheduleExpression':'0 0 25 * * ?','DurationInSeconds':60}"))
        .startsWith("InvalidArgumentException")
        .contains("EdgeConfig.RecorderConfig.ScheduleConfig.ScheduleExpression", "hour has '25'");
    assertThat(
            call(
                "POST",
                "/startEdgeConfigurationUpdate",
                "{'StreamName':'a','EdgeConfig':{'HubDeviceArn':'arn:aws:iot:x:1:thing/h',"
                    + "'RecorderConfig':{'MediaSourceConfig':{'MediaUriSecretArn':'"
                    + SECRET
                    + "cam','MediaUriType':'FILE_URI'}}}}"))
        .startsWith("InvalidArgumentException")
        .contains("MediaUriType must be RTSP_URI");
    start("a", "cam", "");
    start("b", "cam", "");
    assertThat(start("c", "cam", "")).startsWith("ClientLimitExceededException");
    assertThat(start("b", "cam", "")).contains("SYNCING");
    assertThat(call("POST", "/describeEdgeConfiguration", "{'StreamName':'c'}"))
        .startsWith("StreamEdgeConfigurationNotFoundException");
    assertThat(call("POST", "/deleteEdgeConfiguration", "{'StreamName':'c'}"))
        .startsWith("StreamEdgeConfigurationNotFoundException");
  }
}
