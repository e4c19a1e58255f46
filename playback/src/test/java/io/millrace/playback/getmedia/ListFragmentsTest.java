package io.millrace.playback.getmedia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.playback.clip.Clip;
import io.millrace.playback.clip.TestServer;
import io.millrace.playback.source.Nanos;
import io.millrace.playback.source.PageToken;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.KinesisVideoArchivedMediaClient;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.Fragment;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ListFragmentsResponse;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ResourceNotFoundException;

final class ListFragmentsTest {
  private static TestServer server;
  private static Instant base;
  private static List<FragmentEntry> stored;
  private static KinesisVideoArchivedMediaClient client;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
    base = server.now();
    FragmentLog log = server.create("cam");
    stored = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      stored.addAll(
          TestServer.append(
              log,
              List.of(
                  new Clip.Fragment(
                      Nanos.of(base) - i * 60 * Clip.SECOND,
                      1_500_499_999L,
                      1,
                      0,
                      ByteBuffer.wrap(new byte[100 + i])))));
      server.advance(2_000);
    }
    client = server.archived();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static List<Fragment> list(String type, Instant from, Instant to) {
    return client
        .listFragments(
            r ->
                r.streamName("cam")
                    .fragmentSelector(
                        s ->
                            s.fragmentSelectorType(type)
                                .timestampRange(t -> t.startTimestamp(from).endTimestamp(to))))
        .fragments();
  }

  @Test
  void rangesAreInclusiveOnBothClocks() {
    assertThat(list("SERVER_TIMESTAMP", base.plusSeconds(2), base.plusSeconds(6)))
        .extracting(Fragment::fragmentNumber)
        .containsExactlyElementsOf(numbers(1, 4));
    assertThat(list("SERVER_TIMESTAMP", base.plusMillis(2_001), base.plusMillis(5_999))).hasSize(1);
    assertThat(list("PRODUCER_TIMESTAMP", base.minusSeconds(180), base.minusSeconds(60)))
        .extracting(Fragment::fragmentNumber)
        .containsExactlyElementsOf(numbers(1, 4));
    Fragment second = list("PRODUCER_TIMESTAMP", base.minusSeconds(60), base).get(1);
    assertThat(second.fragmentLengthInMilliseconds()).isEqualTo(1_500);
    assertThat(second.fragmentSizeInBytes()).isEqualTo(101);
    assertThat(second.producerTimestamp()).isEqualTo(base.minusSeconds(60));
    assertThat(second.serverTimestamp()).isEqualTo(base.plusSeconds(2));
  }

  @Test
  void pagesGoOnByTokenAlone() {
    List<String> seen = new ArrayList<>();
    ListFragmentsResponse page =
        client.listFragments(
            r ->
                r.streamName("cam")
                    .maxResults(3L)
                    .fragmentSelector(
                        s ->
                            s.fragmentSelectorType("PRODUCER_TIMESTAMP")
                                .timestampRange(
                                    t ->
                                        t.startTimestamp(base.minusSeconds(480))
                                            .endTimestamp(base))));
    while (true) {
      page.fragments().forEach(fragment -> seen.add(fragment.fragmentNumber()));
      if (page.nextToken() == null) {
        break;
      }
      String token = page.nextToken();
      assertThat(token).matches("[a-zA-Z0-9+/]+={0,2}");
      page = client.listFragments(r -> r.streamName("cam").maxResults(3L).nextToken(token));
    }
    assertThat(seen).isEqualTo(numbers(0, 9));
  }

  @Test
  void badRequestsAreRefused() {
    assertThatThrownBy(() -> client.listFragments(r -> r.streamName("cam")))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> list("SERVER_TIMESTAMP", base, base.minusSeconds(1)))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> client.listFragments(r -> r.streamName("no").nextToken("AAAA")))
        .isInstanceOf(ResourceNotFoundException.class);
    String foreign =
        PageToken.write(
            "ListFragments", List.of("other/1", "SERVER", 0, 1, stored.getFirst().number()));
    assertThatThrownBy(() -> client.listFragments(r -> r.streamName("cam").nextToken(foreign)))
        .isInstanceOf(InvalidArgumentException.class);
    Random random = new Random(3);
    for (int i = 0; i < 50; i++) {
      byte[] bytes = new byte[3 + 3 * random.nextInt(40)];
      random.nextBytes(bytes);
      String token = java.util.Base64.getEncoder().encodeToString(bytes);
      assertThatThrownBy(() -> client.listFragments(r -> r.streamName("cam").nextToken(token)))
          .isInstanceOf(InvalidArgumentException.class);
    }
  }

  private static List<String> numbers(int from, int to) {
    return stored.subList(from, to).stream().map(e -> e.number().toString()).toList();
  }
}
