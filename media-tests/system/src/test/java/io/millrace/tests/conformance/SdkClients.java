package io.millrace.tests.conformance;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.ProtocolNegotiation;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.utils.AttributeMap;

/** The clients of the SDK for Java 2, each over one transport. */
final class SdkClients {
  private static final AttributeMap TRUST_ALL =
      AttributeMap.builder().put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true).build();
  private static final StaticCredentialsProvider ANY =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

  private SdkClients() {}

  static KinesisClient sync(URI endpoint) {
    return KinesisClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(ANY)
        .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
        .httpClient(UrlConnectionHttpClient.builder().buildWithDefaults(TRUST_ALL))
        .build();
  }

  private static KinesisAsyncClientBuilder async(URI endpoint) {
    return KinesisAsyncClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(ANY)
        .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)));
  }

  /** HTTP/2 by prior knowledge; over TLS without a word about it in the handshake. */
  static KinesisAsyncClient asyncAsItComes(URI endpoint) {
    return endpoint.getScheme().equals("http")
        ? async(endpoint).build()
        : trusting(endpoint, NettyNioAsyncHttpClient.builder());
  }

  static KinesisAsyncClient asyncNegotiating(URI endpoint) {
    return trusting(
        endpoint, NettyNioAsyncHttpClient.builder().protocolNegotiation(ProtocolNegotiation.ALPN));
  }

  static KinesisAsyncClient asyncHttp1(URI endpoint) {
    return trusting(endpoint, NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1));
  }

  /** Keeps the service's own choices, HTTP/2 among them, and accepts the server's certificate. */
  private static KinesisAsyncClient trusting(
      URI endpoint, NettyNioAsyncHttpClient.Builder transport) {
    return async(endpoint).httpClientBuilder(new Trusting(transport)).build();
  }

  private record Trusting(NettyNioAsyncHttpClient.Builder transport)
      implements SdkAsyncHttpClient.Builder<Trusting> {
    @Override
    public SdkAsyncHttpClient buildWithDefaults(AttributeMap serviceDefaults) {
      return transport.buildWithDefaults(TRUST_ALL.merge(serviceDefaults));
    }
  }
}
