package io.millrace.tests.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.tests.process.SecureServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesisvideo.KinesisVideoClient;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelInfo;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelProtocol;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelRole;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelType;
import software.amazon.awssdk.services.kinesisvideo.model.ComparisonOperator;
import software.amazon.awssdk.services.kinesisvideo.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesisvideo.model.MediaStorageConfigurationStatus;
import software.amazon.awssdk.services.kinesisvideo.model.NoDataRetentionException;
import software.amazon.awssdk.services.kinesisvideo.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesisvideo.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesisvideo.model.Status;
import software.amazon.awssdk.services.kinesisvideo.model.Tag;
import software.amazon.awssdk.services.kinesisvideo.model.VersionMismatchException;
import software.amazon.awssdk.services.kinesisvideosignaling.KinesisVideoSignalingClient;
import software.amazon.awssdk.services.kinesisvideosignaling.model.IceServer;

/** Every operation on channels through the SDK for Java 2, with errors of their own classes. */
class SignalingSdkTest {
  @TempDir static Path data;
  private static SecureServer server;
  private static KinesisVideoClient control;

  @BeforeAll
  static void start() {
    server =
        SecureServer.start(
            data,
            List.of(
                "--set",
                "signaling.turn-urls=turn:turn.example:3478?transport=udp, turns:turn.example:443",
                "--set",
                "signaling.turn-secret=shared"));
    control = SignalingClients.control(server.http());
  }

  @AfterAll
  static void stop() {
    control.close();
    server.close();
  }

  @Test
  void channelsAreManaged() {
    String arn =
        control
            .createSignalingChannel(
                r ->
                    r.channelName("managed")
                        .channelType(ChannelType.SINGLE_MASTER)
                        .singleMasterConfiguration(c -> c.messageTtlSeconds(30))
                        .tags(Tag.builder().key("site").value("north").build()))
            .channelARN();
    assertThatThrownBy(() -> control.createSignalingChannel(r -> r.channelName("managed")))
        .isInstanceOf(ResourceInUseException.class);
    ChannelInfo info = control.describeSignalingChannel(r -> r.channelARN(arn)).channelInfo();
    assertThat(info.channelStatus()).isEqualTo(Status.ACTIVE);
    assertThat(info.singleMasterConfiguration().messageTtlSeconds()).isEqualTo(30);
    control.updateSignalingChannel(
        r ->
            r.channelARN(arn)
                .currentVersion(info.version())
                .singleMasterConfiguration(c -> c.messageTtlSeconds(60)));
    assertThatThrownBy(
            () ->
                control.deleteSignalingChannel(
                    r -> r.channelARN(arn).currentVersion(info.version())))
        .isInstanceOf(VersionMismatchException.class);
    control.tagResource(r -> r.resourceARN(arn).tags(Tag.builder().key("more").value("").build()));
    control.untagResource(r -> r.resourceARN(arn).tagKeyList("site"));
    assertThat(control.listTagsForResource(r -> r.resourceARN(arn)).tags())
        .isEqualTo(Map.of("more", ""));
    assertThat(
            control
                .listSignalingChannelsPaginator(
                    r ->
                        r.channelNameCondition(
                            c ->
                                c.comparisonOperator(ComparisonOperator.BEGINS_WITH)
                                    .comparisonValue("mana")))
                .channelInfoList())
        .extracting(ChannelInfo::channelName)
        .containsExactly("managed");
    control.deleteSignalingChannel(r -> r.channelARN(arn));
    assertThatThrownBy(() -> control.describeSignalingChannel(r -> r.channelName("managed")))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void channelsAreTiedToStreams() {
    String channel = control.createSignalingChannel(r -> r.channelName("stored")).channelARN();
    String live = control.createStream(r -> r.streamName("live")).streamARN();
    String kept =
        control.createStream(r -> r.streamName("kept").dataRetentionInHours(2)).streamARN();
    assertThatThrownBy(
            () ->
                SignalingClients.endpoints(
                    control, channel, ChannelRole.MASTER, ChannelProtocol.WEBRTC))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(
            () ->
                control.updateMediaStorageConfiguration(
                    r ->
                        r.channelARN(channel)
                            .mediaStorageConfiguration(
                                c ->
                                    c.status(MediaStorageConfigurationStatus.ENABLED)
                                        .streamARN(live))))
        .isInstanceOf(NoDataRetentionException.class);
    control.updateMediaStorageConfiguration(
        r ->
            r.channelARN(channel)
                .mediaStorageConfiguration(
                    c -> c.status(MediaStorageConfigurationStatus.ENABLED).streamARN(kept)));
    assertThat(
            control
                .describeMediaStorageConfiguration(r -> r.channelARN(channel))
                .mediaStorageConfiguration()
                .streamARN())
        .isEqualTo(kept);
    assertThat(
            control
                .describeMappedResourceConfiguration(r -> r.streamName("kept"))
                .mappedResourceConfigurationList())
        .singleElement()
        .satisfies(item -> assertThat(item.arn()).isEqualTo(channel));
    assertThat(
            SignalingClients.endpoints(
                control,
                channel,
                ChannelRole.MASTER,
                ChannelProtocol.WSS,
                ChannelProtocol.HTTPS,
                ChannelProtocol.WEBRTC))
        .isEqualTo(
            Map.of(
                ChannelProtocol.WSS,
                server.https().toString().replace("https", "wss") + "/signaling/master",
                ChannelProtocol.HTTPS,
                server.https().toString(),
                ChannelProtocol.WEBRTC,
                server.https().toString()));
  }

  @Test
  void clientsGetIceServers() {
    String arn = control.createSignalingChannel(r -> r.channelName("ice")).channelARN();
    String https =
        SignalingClients.endpoints(control, arn, ChannelRole.VIEWER, ChannelProtocol.HTTPS)
            .get(ChannelProtocol.HTTPS);
    try (KinesisVideoSignalingClient signaling = SignalingClients.signaling(https)) {
      List<IceServer> servers =
          signaling
              .getIceServerConfig(r -> r.channelARN(arn).clientId("v1").service("TURN"))
              .iceServerList();
      assertThat(servers)
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.uris())
                    .containsExactly(
                        "turn:turn.example:3478?transport=udp", "turns:turn.example:443");
                assertThat(one.username()).endsWith(":v1");
                assertThat(one.password()).isNotEmpty();
                assertThat(one.ttl()).isEqualTo(300);
              });
    }
  }
}
