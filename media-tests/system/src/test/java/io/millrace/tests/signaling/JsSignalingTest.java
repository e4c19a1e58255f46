package io.millrace.tests.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.tests.conformance.ScriptClients;
import io.millrace.tests.process.SecureServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesisvideo.KinesisVideoClient;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelProtocol;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelRole;

/** AWS's WebRTC SDK for JavaScript as master and viewer over our signaling, under node. */
class JsSignalingTest {
  @TempDir Path data;

  @Test
  void masterAndViewerFindEachOther() throws Exception {
    assumeTrue(ScriptClients.hasJs("amazon-kinesis-video-streams-webrtc"));
    Path script = data.resolve("signaling_client.cjs");
    try (var in = JsSignalingTest.class.getResourceAsStream("/clients/signaling_client.cjs")) {
      Files.copy(in, script);
    }
    try (SecureServer server = SecureServer.start(data.resolve("data"), List.of());
        KinesisVideoClient control = SignalingClients.control(server.http())) {
      String arn = control.createSignalingChannel(r -> r.channelName("js")).channelARN();
      Map<ChannelProtocol, String> master =
          SignalingClients.endpoints(control, arn, ChannelRole.MASTER, ChannelProtocol.WSS);
      Map<ChannelProtocol, String> viewer =
          SignalingClients.endpoints(control, arn, ChannelRole.VIEWER, ChannelProtocol.WSS);
      ProcessBuilder builder =
          new ProcessBuilder(
                  "node",
                  script.toString(),
                  arn,
                  master.get(ChannelProtocol.WSS),
                  viewer.get(ChannelProtocol.WSS))
              .directory(ScriptClients.jsFolder().toFile())
              .redirectErrorStream(true);
      builder.environment().put("NODE_TLS_REJECT_UNAUTHORIZED", "0");
      builder.environment().put("NODE_NO_WARNINGS", "1");
      Process node = builder.start();
      String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(said.lines())
          .containsExactlyInAnyOrder(
              "master offer the offer from viewer-1",
              "master candidate candidate:v from viewer-1",
              "master status correlation-1 ResourceNotFoundException 404",
              "viewer answer the answer",
              "viewer candidate candidate:m");
      assertThat(node.exitValue()).isZero();
      assertThat(server.server().get("/metrics").body())
          .contains("millrace_signaling_relayed_messages_total 4.0");
    }
  }
}
