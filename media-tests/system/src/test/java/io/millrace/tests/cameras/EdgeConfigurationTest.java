package io.millrace.tests.cameras;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.tests.process.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesisvideo.KinesisVideoClient;
import software.amazon.awssdk.services.kinesisvideo.model.DescribeEdgeConfigurationResponse;
import software.amazon.awssdk.services.kinesisvideo.model.EdgeConfig;
import software.amazon.awssdk.services.kinesisvideo.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesisvideo.model.ListEdgeAgentConfigurationsEdgeConfig;
import software.amazon.awssdk.services.kinesisvideo.model.ListEdgeAgentConfigurationsResponse;
import software.amazon.awssdk.services.kinesisvideo.model.MediaUriType;
import software.amazon.awssdk.services.kinesisvideo.model.RecorderStatus;
import software.amazon.awssdk.services.kinesisvideo.model.StreamEdgeConfigurationNotFoundException;
import software.amazon.awssdk.services.kinesisvideo.model.SyncStatus;

/** Cameras recorded because an application of the SDK for Java 2 asked for it. */
class EdgeConfigurationTest {
  private static final String HUB = "arn:aws:iot:us-east-1:000000000000:thing/hub";
  private static final String PASSWORD = "not-to-be-seen";

  @TempDir static Path folder;

  private static KinesisVideoClient client(ServerProcess server) {
    return KinesisVideoClient.builder()
        .endpointOverride(server.endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private static EdgeConfig config(String secret, MediaUriType type) {
    return EdgeConfig.builder()
        .hubDeviceArn(HUB)
        .recorderConfig(
            r ->
                r.mediaSourceConfig(
                    m ->
                        m.mediaUriSecretArn(
                                "arn:aws:secretsmanager:us-east-1:000000000000:secret:" + secret)
                            .mediaUriType(type)))
        .build();
  }

  @Test
  void aCameraIsRecordedUntilItsConfigurationIsDeleted() {
    RtspCamera.assumeInstalled();
    Path clip = CameraClip.h264AndAac(folder.resolve("clip.mkv"), 20);
    Path data = folder.resolve("recorded");
    try (RtspCamera camera = RtspCamera.start(0, RtspCamera.h264AndAac(clip), "viewer", PASSWORD)) {
      try (ServerProcess server = ServerProcess.start(data);
          KinesisVideoClient control = client(server)) {
        SourcesApi sources = new SourcesApi(server);
        control.createStream(r -> r.streamName("porch").dataRetentionInHours(1));
        EdgeConfig config = config("cam-a1B2c3", MediaUriType.RTSP_URI);
        assertThat(
                control
                    .startEdgeConfigurationUpdate(r -> r.streamName("porch").edgeConfig(config))
                    .syncStatus())
            .isEqualTo(SyncStatus.SYNCING);
        DescribeEdgeConfigurationResponse failed =
            control.describeEdgeConfiguration(r -> r.streamName("porch"));
        assertThat(failed.syncStatus()).isEqualTo(SyncStatus.SYNC_FAILED);
        assertThat(failed.failedStatusDetails()).contains("cam-a1B2c3");

        sources.put(
            "cam",
            Map.of(
                "url", camera.url(), "username", "viewer", "password", PASSWORD, "enabled", false));
        await().atMost(20, SECONDS).until(() -> sources.fragments("porch") >= 2);
        DescribeEdgeConfigurationResponse recording =
            control.describeEdgeConfiguration(r -> r.streamName("porch"));
        assertThat(recording.syncStatus()).isEqualTo(SyncStatus.IN_SYNC);
        assertThat(recording.edgeConfig()).isEqualTo(config);
        assertThat(recording.edgeAgentStatus().lastRecorderStatus().recorderStatus())
            .isEqualTo(RecorderStatus.SUCCESS);
        assertThat(recording.edgeAgentStatus().lastRecorderStatus().lastCollectedTime())
            .isNotNull();
        server.kill();
        assertThat(server.log()).doesNotContain(PASSWORD);
      }
      try (ServerProcess server = ServerProcess.start(data);
          KinesisVideoClient control = client(server)) {
        SourcesApi sources = new SourcesApi(server);
        int before = sources.fragments("porch");
        await().atMost(20, SECONDS).until(() -> sources.fragments("porch") >= before + 2);
        control.deleteEdgeConfiguration(r -> r.streamName("porch"));
        assertThatThrownBy(() -> control.describeEdgeConfiguration(r -> r.streamName("porch")))
            .isInstanceOf(StreamEdgeConfigurationNotFoundException.class);
        await()
            .atMost(10, SECONDS)
            .untilAsserted(() -> assertThat(server.log()).contains("feed_ended stream=porch"));
        List<String> sent = CameraClip.pictureMd5s(clip);
        List<String> stored =
            CameraClip.pictureMd5s(sources.media("porch", folder.resolve("porch.mkv")));
        assertThat(stored).hasSizeGreaterThan(50);
        assertThat(stored.subList(0, 50)).isEqualTo(sent.subList(0, 50));
      }
    }
  }

  @Test
  void configurationsAreListedByTheirHub() {
    try (ServerProcess server = ServerProcess.start(folder.resolve("listed"));
        KinesisVideoClient control = client(server)) {
      List<String> names = List.of("a", "b", "c", "d", "e", "f", "g");
      for (String name : names) {
        control.createStream(r -> r.streamName(name).dataRetentionInHours(1));
        control.startEdgeConfigurationUpdate(
            r -> r.streamName(name).edgeConfig(config("none", MediaUriType.RTSP_URI)));
      }
      ListEdgeAgentConfigurationsResponse first =
          control.listEdgeAgentConfigurations(r -> r.hubDeviceArn(HUB));
      assertThat(first.edgeConfigs()).hasSize(5);
      assertThat(first.nextToken()).isNotNull();
      assertThat(
              control
                  .listEdgeAgentConfigurationsPaginator(r -> r.hubDeviceArn(HUB).maxResults(3))
                  .edgeConfigs())
          .extracting(ListEdgeAgentConfigurationsEdgeConfig::streamName)
          .isEqualTo(names);
      assertThat(control.listEdgeAgentConfigurations(r -> r.hubDeviceArn(HUB + "2")).edgeConfigs())
          .isEmpty();
      assertThatThrownBy(
              () ->
                  control.listEdgeAgentConfigurations(
                      r -> r.hubDeviceArn(HUB + "2").nextToken(first.nextToken())))
          .isInstanceOf(InvalidArgumentException.class);
      assertThatThrownBy(
              () ->
                  control.startEdgeConfigurationUpdate(
                      r -> r.streamName("a").edgeConfig(config("none", MediaUriType.FILE_URI))))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("RTSP_URI");
    }
  }
}
