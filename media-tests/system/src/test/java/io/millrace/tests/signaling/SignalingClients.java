package io.millrace.tests.signaling;

import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesisvideo.KinesisVideoClient;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelProtocol;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelRole;
import software.amazon.awssdk.services.kinesisvideosignaling.KinesisVideoSignalingClient;
import software.amazon.awssdk.services.kinesisvideowebrtcstorage.KinesisVideoWebRtcStorageClient;
import software.amazon.awssdk.utils.AttributeMap;

/** The SDK for Java 2, as an application would ask its way to a channel. */
final class SignalingClients {
  private static final AttributeMap TRUST_ALL =
      AttributeMap.builder().put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true).build();

  private SignalingClients() {}

  static KinesisVideoClient control(URI endpoint) {
    return built(KinesisVideoClient.builder(), endpoint);
  }

  static KinesisVideoSignalingClient signaling(String endpoint) {
    return built(KinesisVideoSignalingClient.builder(), URI.create(endpoint));
  }

  static KinesisVideoWebRtcStorageClient storage(String endpoint) {
    return built(KinesisVideoWebRtcStorageClient.builder(), URI.create(endpoint));
  }

  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C built(
      B builder, URI endpoint) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
        .httpClient(UrlConnectionHttpClient.builder().buildWithDefaults(TRUST_ALL))
        .build();
  }

  /** Where a role reaches a channel, by protocol. */
  static Map<ChannelProtocol, String> endpoints(
      KinesisVideoClient control, String arn, ChannelRole role, ChannelProtocol... protocols) {
    Map<ChannelProtocol, String> endpoints = new EnumMap<>(ChannelProtocol.class);
    control
        .getSignalingChannelEndpoint(
            r ->
                r.channelARN(arn)
                    .singleMasterChannelEndpointConfiguration(
                        c -> c.role(role).protocols(protocols)))
        .resourceEndpointList()
        .forEach(item -> endpoints.put(item.protocol(), item.resourceEndpoint()));
    return endpoints;
  }
}
