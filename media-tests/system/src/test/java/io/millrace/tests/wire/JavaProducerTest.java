package io.millrace.tests.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.kinesisvideo.AmazonKinesisVideo;
import com.amazonaws.services.kinesisvideo.AmazonKinesisVideoArchivedMedia;
import com.amazonaws.services.kinesisvideo.AmazonKinesisVideoArchivedMediaClientBuilder;
import com.amazonaws.services.kinesisvideo.AmazonKinesisVideoClientBuilder;
import com.amazonaws.services.kinesisvideo.AmazonKinesisVideoMedia;
import com.amazonaws.services.kinesisvideo.AmazonKinesisVideoMediaClientBuilder;
import com.amazonaws.services.kinesisvideo.AmazonKinesisVideoPutMedia;
import com.amazonaws.services.kinesisvideo.AmazonKinesisVideoPutMediaClient;
import com.amazonaws.services.kinesisvideo.PutMediaAckResponseHandler;
import com.amazonaws.services.kinesisvideo.model.APIName;
import com.amazonaws.services.kinesisvideo.model.AckEvent;
import com.amazonaws.services.kinesisvideo.model.CreateStreamRequest;
import com.amazonaws.services.kinesisvideo.model.Fragment;
import com.amazonaws.services.kinesisvideo.model.FragmentSelector;
import com.amazonaws.services.kinesisvideo.model.FragmentSelectorType;
import com.amazonaws.services.kinesisvideo.model.FragmentTimecodeType;
import com.amazonaws.services.kinesisvideo.model.GetDataEndpointRequest;
import com.amazonaws.services.kinesisvideo.model.GetMediaForFragmentListRequest;
import com.amazonaws.services.kinesisvideo.model.GetMediaRequest;
import com.amazonaws.services.kinesisvideo.model.ListFragmentsRequest;
import com.amazonaws.services.kinesisvideo.model.PutMediaRequest;
import com.amazonaws.services.kinesisvideo.model.StartSelector;
import com.amazonaws.services.kinesisvideo.model.StartSelectorType;
import com.amazonaws.services.kinesisvideo.model.TimestampRange;
import io.millrace.tests.client.ParserLibrary;
import io.millrace.tests.client.ParserLibrary.SeenFrame;
import io.millrace.tests.fixtures.Recordings;
import io.millrace.tests.process.ServerProcess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The AWS Java SDK v1 puts a recording in; its parser library reads it back frame by frame. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JavaProducerTest {
  private static final String STREAM = "java-producer";
  private static final Date START = new Date(1_700_000_000_005L);
  private static final byte[] BODY = Recordings.CLUSTERS.bytes();

  @TempDir static Path data;
  private static ServerProcess server;
  private static List<AckEvent> acks;
  private static List<Fragment> fragments;

  @BeforeAll
  static void startServer() {
    server = ServerProcess.start(data);
  }

  @AfterAll
  static void stopServer() {
    assertThat(server.stop()).isZero();
  }

  private static AWSStaticCredentialsProvider credentials() {
    return new AWSStaticCredentialsProvider(new BasicAWSCredentials("test", "test"));
  }

  private static EndpointConfiguration endpoint(String url) {
    return new EndpointConfiguration(url, "us-east-1");
  }

  private static AmazonKinesisVideo control() {
    return AmazonKinesisVideoClientBuilder.standard()
        .withCredentials(credentials())
        .withEndpointConfiguration(endpoint(server.endpoint().toString()))
        .build();
  }

  private static String dataEndpoint(APIName api) {
    return control()
        .getDataEndpoint(new GetDataEndpointRequest().withStreamName(STREAM).withAPIName(api))
        .getDataEndpoint();
  }

  private static AmazonKinesisVideoArchivedMedia archived(APIName api) {
    return AmazonKinesisVideoArchivedMediaClientBuilder.standard()
        .withCredentials(credentials())
        .withEndpointConfiguration(endpoint(dataEndpoint(api)))
        .build();
  }

  @Test
  @Order(1)
  void putMediaAcknowledgesEveryFragmentInOrder() throws Exception {
    control()
        .createStream(
            new CreateStreamRequest().withStreamName(STREAM).withDataRetentionInHours(24));
    acks = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Void> done = new CompletableFuture<>();
    AmazonKinesisVideoPutMedia producer =
        AmazonKinesisVideoPutMediaClient.builder()
            .withRegion("us-east-1")
            .withCredentials(credentials())
            .withEndpoint(dataEndpoint(APIName.PUT_MEDIA))
            .build();
    producer.putMedia(
        new PutMediaRequest()
            .withStreamName(STREAM)
            .withFragmentTimecodeType(FragmentTimecodeType.RELATIVE)
            .withProducerStartTimestamp(START)
            .withPayload(new ByteArrayInputStream(BODY)),
        new PutMediaAckResponseHandler() {
          @Override
          public void onAckEvent(AckEvent event) {
            acks.add(event);
          }

          @Override
          public void onFailure(Throwable failure) {
            done.completeExceptionally(failure);
          }

          @Override
          public void onComplete() {
            done.complete(null);
          }
        });
    done.get(30, TimeUnit.SECONDS);
    producer.close();

    for (String type : List.of("BUFFERING", "RECEIVED", "PERSISTED")) {
      List<String> numbers =
          acks.stream()
              .filter(ack -> type.equals(ack.getAckEventType().toString()))
              .map(AckEvent::getFragmentNumber)
              .toList();
      assertThat(numbers).as(type).hasSize(clustersIn(BODY)).isSorted().doesNotHaveDuplicates();
    }
    assertThat(acks).noneMatch(ack -> "ERROR".equals(ack.getAckEventType().toString()));
  }

  private static int clustersIn(byte[] body) {
    int count = 0;
    for (int i = 0; i + 4 <= body.length; i++) {
      if (body[i] == 0x1F
          && body[i + 1] == 0x43
          && body[i + 2] == (byte) 0xB6
          && body[i + 3] == 0x75) {
        count++;
      }
    }
    return count;
  }

  @Test
  @Order(2)
  void listFragmentsNamesWhatWasAcknowledged() {
    fragments = new ArrayList<>();
    AmazonKinesisVideoArchivedMedia client = archived(APIName.LIST_FRAGMENTS);
    ListFragmentsRequest request =
        new ListFragmentsRequest()
            .withStreamName(STREAM)
            .withMaxResults(3L)
            .withFragmentSelector(
                new FragmentSelector()
                    .withFragmentSelectorType(FragmentSelectorType.PRODUCER_TIMESTAMP)
                    .withTimestampRange(
                        new TimestampRange()
                            .withStartTimestamp(new Date(START.getTime() - 1000))
                            .withEndTimestamp(new Date(START.getTime() + 3_600_000))));
    do {
      var page = client.listFragments(request);
      fragments.addAll(page.getFragments());
      request =
          new ListFragmentsRequest().withStreamName(STREAM).withNextToken(page.getNextToken());
    } while (request.getNextToken() != null);
    assertThat(fragments.stream().map(Fragment::getFragmentNumber).sorted().toList())
        .isEqualTo(
            acks.stream()
                .filter(ack -> "PERSISTED".equals(ack.getAckEventType().toString()))
                .map(AckEvent::getFragmentNumber)
                .sorted()
                .toList());
    assertThat(fragments.getFirst().getProducerTimestamp().getTime())
        .isBetween(START.getTime(), START.getTime() + 1000);
  }

  @Test
  @Order(3)
  void getMediaGivesEveryFrameBackByteForByte() {
    List<SeenFrame> sent = ParserLibrary.frames(new ByteArrayInputStream(BODY));
    AmazonKinesisVideoMedia client =
        AmazonKinesisVideoMediaClientBuilder.standard()
            .withCredentials(credentials())
            .withEndpointConfiguration(endpoint(dataEndpoint(APIName.GET_MEDIA)))
            .build();
    // The reply goes on for ever and a close of it would read on to its end: hang up instead.
    InputStream payload =
        client
            .getMedia(
                new GetMediaRequest()
                    .withStreamName(STREAM)
                    .withStartSelector(
                        new StartSelector().withStartSelectorType(StartSelectorType.EARLIEST)))
            .getPayload();
    List<SeenFrame> seen = ParserLibrary.frames(payload, frames -> frames.size() >= sent.size());
    client.shutdown();
    assertSameFrames(seen, sent);
    assertThat(seen)
        .allSatisfy(
            frame -> {
              assertThat(frame.fragmentNumber()).hasSize(47);
              assertThat(frame.producerMillis()).isGreaterThanOrEqualTo(START.getTime());
            });
  }

  @Test
  @Order(4)
  void getMediaForFragmentListGivesTheNamedFragments() throws IOException {
    List<SeenFrame> sent = ParserLibrary.frames(new ByteArrayInputStream(BODY));
    List<String> numbers =
        fragments.stream()
            .sorted(Comparator.comparing(Fragment::getFragmentNumber))
            .map(Fragment::getFragmentNumber)
            .toList();
    try (InputStream payload =
        archived(APIName.GET_MEDIA_FOR_FRAGMENT_LIST)
            .getMediaForFragmentList(
                new GetMediaForFragmentListRequest().withStreamName(STREAM).withFragments(numbers))
            .getPayload()) {
      List<SeenFrame> seen = ParserLibrary.frames(payload);
      assertSameFrames(seen, sent);
      assertThat(seen.stream().map(SeenFrame::fragmentNumber).distinct().toList())
          .isEqualTo(numbers);
    }
  }

  private static void assertSameFrames(List<SeenFrame> seen, List<SeenFrame> sent) {
    assertThat(sent).isNotEmpty();
    assertThat(seen.stream().map(SeenFrame::content).toList())
        .isEqualTo(sent.stream().map(SeenFrame::content).toList());
  }
}
