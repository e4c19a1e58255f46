package io.millrace.tests.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tests.process.ServerProcess;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device built with libwebrtc for Java: every picture it sends is stored, with its time. */
class WebRtcDeviceTest {
  private static final int SECONDS = 4;
  private static final int INTERVAL_MILLIS = 1000 / DeviceCamera.PER_SECOND;

  /** Until the sender's first reports tell its clock. */
  private static final int SETTLED = DeviceCamera.PER_SECOND;

  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() {
    server =
        ServerProcess.start(
            folder.resolve("data"), "--set", "webrtc.tcp-port=" + ServerProcess.freePort());
  }

  @AfterAll
  static void stop() {
    assertThat(server.stop()).isZero();
  }

  private static DeviceProcess push(String stream, String protocol) throws Exception {
    return DeviceProcess.run(
        protocol, Integer.toString(SECONDS), "whip", server.endpoint() + "/whip/" + stream);
  }

  /** Of a channel that is stored in a stream of its name. */
  private static DeviceProcess master(String name, String protocol) throws Exception {
    String arn =
        call("createSignalingChannel", "{'ChannelName':'%s'}", name).getString("ChannelARN");
    String stream =
        call("createStream", "{'StreamName':'%s','DataRetentionInHours':1}", name)
            .getString("StreamARN");
    call(
        "updateMediaStorageConfiguration",
        "{'ChannelARN':'%s','MediaStorageConfiguration':{'Status':'ENABLED','StreamARN':'%s'}}",
        arn,
        stream);
    Map<String, String> endpoints = new HashMap<>();
    call(
            "getSignalingChannelEndpoint",
            "{'ChannelARN':'%s','SingleMasterChannelEndpointConfiguration':"
                + "{'Protocols':['WSS','WEBRTC'],'Role':'MASTER'}}",
            arn)
        .getJsonArray("ResourceEndpointList")
        .stream()
        .map(JsonObject.class::cast)
        .forEach(
            each -> endpoints.put(each.getString("Protocol"), each.getString("ResourceEndpoint")));
    return DeviceProcess.run(
        protocol,
        Integer.toString(SECONDS),
        "master",
        arn,
        endpoints.get("WSS"),
        endpoints.get("WEBRTC"));
  }

  private static JsonObject call(String operation, String body, Object... values) {
    HttpResponse<String> answer =
        server.post("/" + operation, body.formatted(values).replace('\'', '"'));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
  }

  private static void assertStored(DeviceProcess device, String stream) throws Exception {
    List<Long> drawn = StoredPictures.drawnMillis(server, stream, folder.resolve(stream + ".gray"));
    assertThat(drawn).as(device.output()).hasSize(device.count("framesSent"));
    assertThat(drawn).as("pictures that can be read").doesNotContain(-1L);
    assertThat(drawn).isSorted().doesNotHaveDuplicates();
    List<Long> stored = StoredPictures.storedMillis(server, stream, drawn.size());
    List<Long> errors = new ArrayList<>();
    for (int i = SETTLED; i < drawn.size(); i++) {
      errors.add(Math.abs(stored.get(i) - drawn.get(i)));
    }
    Collections.sort(errors);
    long p95 = errors.get(errors.size() * 95 / 100);
    System.out.printf(
        "%s: error of times, ms: p50 %d, p95 %d, most %d%n",
        stream, errors.get(errors.size() / 2), p95, errors.getLast());
    // Beyond that the device itself may have been kept waiting between drawing and sending.
    assertThat(p95).as("error of times, ms").isLessThanOrEqualTo(INTERVAL_MILLIS / 2);
  }

  @Test
  void everyPictureIsStoredWithItsTime() throws Exception {
    DeviceProcess device = push("device", "udp");
    assertThat(device.figure("codec")).isEqualTo("video/H264");
    assertThat(device.figure("protocol")).isEqualTo("udp");
    assertThat(device.count("framesSent")).isGreaterThan(SECONDS * DeviceCamera.PER_SECOND / 2);
    assertStored(device, "device");
    // It makes keyframes when it is asked and at no other time.
    assertThat(device.count("pliCount")).isPositive();
    assertThat(device.count("keyFramesEncoded")).isGreaterThan(1);
  }

  @Test
  void aNetworkWithoutUdpCarriesEveryPictureToo() throws Exception {
    DeviceProcess device = push("by-tcp", "tcp");
    assertThat(device.figure("protocol")).isEqualTo("tcp");
    assertThat(device.count("framesSent")).isGreaterThan(SECONDS * DeviceCamera.PER_SECOND / 2);
    assertStored(device, "by-tcp");
    assertThat(device.count("pliCount")).isPositive();
  }

  @Test
  void aMasterOfASignalingChannelIsStored() throws Exception {
    DeviceProcess device = master("door", "udp");
    assertThat(device.figure("protocol")).isEqualTo("udp");
    assertStored(device, "door");
  }

  @Test
  void aMasterWithoutUdpIsStoredToo() throws Exception {
    DeviceProcess device = master("gate", "tcp");
    assertThat(device.figure("protocol")).isEqualTo("tcp");
    assertStored(device, "gate");
  }
}
