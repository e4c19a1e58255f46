package io.millrace.ingest.putmedia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.api.arn.StreamArn;
import io.millrace.ingest.IngestServer;
import io.millrace.ingest.Producer;
import io.millrace.ingest.fragmenter.IngestError;
import io.millrace.ingest.fragmenter.MkvSample;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.tests.fixtures.Recordings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PutMediaTest {
  @TempDir Path data;
  private IngestServer server;

  @BeforeEach
  void open() throws Exception {
    server = IngestServer.open(data).withStream("cam");
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private List<String> put(byte[] body, int chunkBytes) throws Exception {
    try (Producer producer = Producer.to(server, "cam")) {
      for (int at = 0; at < body.length; at += chunkBytes) {
        producer.send(body, at, Math.min(body.length, at + chunkBytes));
      }
      return producer.finish().acks();
    }
  }

  private Map<String, String> headersWithout(String name) {
    Map<String, String> headers = new HashMap<>(Producer.absolute("cam"));
    headers.remove(name);
    return headers;
  }

  private static String field(String ack, String name) {
    String rest = ack.split("\"" + name + "\":")[1];
    return rest.split("[,}]")[0].replace("\"", "");
  }

  @ParameterizedTest
  @EnumSource(
      value = Recordings.class,
      names = {"KVSSINK_.*", "PRODUCER_C_RELATIVE", "CLUSTERS", "H26.*_AAC|H264_AAC_LIVE"},
      mode = EnumSource.Mode.MATCH_ANY)
  void storesEveryFragmentOfARecordingAndAcknowledgesItInOrder(Recordings recording)
      throws Exception {
    List<String> acks = put(recording.bytes(), 16_000);
    assertThat(acks).allMatch(ack -> ack.length() < 1024 && ack.endsWith("}\n"));
    List<FragmentEntry> stored = server.fragments("cam");
    assertThat(stored).hasSizeGreaterThan(1);
    for (FragmentEntry entry : stored) {
      String number = "\"FragmentNumber\":\"" + entry.number() + "\"";
      List<String> own = acks.stream().filter(ack -> ack.contains(number)).toList();
      assertThat(own)
          .extracting(ack -> field(ack, "EventType"))
          .containsExactly("BUFFERING", "RECEIVED", "PERSISTED");
      assertThat(own)
          .extracting(ack -> field(ack, "FragmentTimecode"))
          .containsOnly(String.valueOf(entry.producerTimeNanos() / 1_000_000));
      assertThat(MkvFragment.parse(server.payload("cam", entry)).frames()).isNotEmpty();
    }
    assertThat(acks).hasSize(3 * stored.size());
    assertThat(server.metrics.stream("cam").fragments().sum()).isEqualTo(stored.size());
    assertThat(server.metrics.stream("cam").ackLatency().counts().stream().mapToLong(c -> c).sum())
        .isEqualTo(stored.size());
  }

  @Test
  void takesOneBytePerWrite() throws Exception {
    byte[] body =
        MkvSample.withTracks(2)
            .tag("a", "b")
            .openCluster(1_700_000_000_000L, 900, 1, 2)
            .openCluster(1_700_000_001_000L, 900, 1, 2)
            .endOfFragment()
            .bytes();
    assertThat(put(body, 1)).hasSize(6);
    assertThat(server.fragments("cam")).hasSize(2);
  }

  @Test
  void persistsAtTheEndOfFragmentTagWhileTheBodyIsOpen() throws Exception {
    try (Producer producer = Producer.to(server, "cam")) {
      producer.send(MkvSample.withTracks(1).openCluster(1000, 100, 1).endOfFragment().bytes());
      assertThat(producer.acksUntil("PERSISTED")).hasSize(3);
      assertThat(server.fragments("cam").getFirst().producerTimeNanos()).isEqualTo(1_000_000_000L);
      assertThat(producer.finish().acks()).isEmpty();
    }
  }

  @Test
  void answersAtOnceAndContinuesAnExpectation() throws Exception {
    Map<String, String> headers = new HashMap<>(Producer.absolute("cam"));
    headers.put("Expect", "100-continue");
    try (Producer producer = new Producer(server.door.port(), "/putMedia", headers)) {
      assertThat(producer.head()).startsWith("HTTP/1.1 100");
    }
    try (Producer producer = Producer.to(server, "cam")) {
      assertThat(producer.head())
          .startsWith("HTTP/1.1 200 OK")
          .containsIgnoringCase("transfer-encoding: chunked")
          .contains("x-amzn-RequestId");
      assertThat(producer.finish().acks()).isEmpty();
    }
  }

  @Test
  void takesAbsoluteTargetsArnsAndBodiesOfKnownLength() throws Exception {
    byte[] body = MkvSample.withTracks(1).openCluster(1000, 10, 1).bytes();
    String arn =
        new StreamArn(
                "eu-north-1",
                "123456789012",
                "cam",
                server.catalog.find("cam").orElseThrow().createdMillis())
            .toString();
    Map<String, String> headers =
        Map.of(
            "x-amzn-stream-arn", arn,
            "x-amzn-fragment-timecode-type", "RELATIVE",
            "x-amzn-producer-start-timestamp", "1700000000.250",
            "x-amzn-fragment-acknowledgment-required", "1",
            "Content-Length", String.valueOf(body.length));
    try (Producer producer =
        new Producer(server.door.port(), "http://127.0.0.1:8080/putMedia", headers)) {
      assertThat(producer.raw(body).acks()).hasSize(3);
      assertThat(server.fragments("cam").getFirst().producerTimeNanos())
          .isEqualTo(1_700_000_001_250_000_000L);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-amzn-stream-name=other|404 ResourceNotFoundException",
        "x-amzn-stream-name=a b|400 InvalidArgumentException",
        "x-amzn-stream-arn=arn:aws:kinesisvideo:r:1:stream/cam/5|400 InvalidArgumentException",
        "x-amzn-fragment-timecode-type=SOMETIMES|400 InvalidArgumentException",
        "x-amzn-producer-start-timestamp=yesterday|400 InvalidArgumentException",
      })
  void refusesWrongHeadsBeforeAnyAck(String change) throws Exception {
    String[] parts = change.split("[=|]");
    Map<String, String> headers = new HashMap<>(Producer.absolute("cam"));
    headers.put(parts[0], parts[1]);
    try (Producer producer = new Producer(server.door.port(), "/putMedia", headers)) {
      String[] expected = parts[2].split(" ");
      assertThat(producer.head())
          .startsWith("HTTP/1.1 " + expected[0])
          .contains("x-amzn-ErrorType: " + expected[1]);
      assertThat(producer.body()).startsWith("{\"Message\":\"");
    }
  }

  @Test
  void wantsAStreamAndATimecodeType() throws Exception {
    for (String name : List.of("x-amzn-stream-name", "x-amzn-fragment-timecode-type")) {
      try (Producer producer =
          new Producer(server.door.port(), "/putMedia", headersWithout(name))) {
        assertThat(producer.head()).startsWith("HTTP/1.1 400");
        assertThat(producer.body()).contains("x-amzn-");
      }
    }
  }

  @Test
  void refusesTheArnOfAFormerLife() throws Exception {
    Map<String, String> headers = new HashMap<>(headersWithout("x-amzn-stream-name"));
    headers.put("x-amzn-stream-arn", "arn:aws:kinesisvideo:us-east-1:000000000000:stream/cam/5");
    try (Producer producer = new Producer(server.door.port(), "/putMedia", headers)) {
      assertThat(producer.head()).startsWith("HTTP/1.1 404");
    }
  }

  @Test
  void relativeTimecodesNeedAStart() throws Exception {
    Map<String, String> headers = new HashMap<>(Producer.absolute("cam"));
    headers.put("x-amzn-fragment-timecode-type", "RELATIVE");
    try (Producer producer = new Producer(server.door.port(), "/putMedia", headers)) {
      producer.send(MkvSample.withTracks(1).openCluster(0, 10, 1).bytes());
      assertThat(producer.acks())
          .containsExactly(
              "{\"EventType\":\"ERROR\",\"ErrorCode\":\"INVALID_PRODUCER_TIMESTAMP\","
                  + "\"ErrorId\":4007}\n");
    }
  }

  @Test
  void endsASessionWithTheErrorAndKeepsWhatWasPersisted() throws Exception {
    MkvSample body = MkvSample.withTracks(1).openCluster(2000, 10, 1).openCluster(1000, 10, 1);
    try (Producer producer = Producer.to(server, "cam")) {
      List<String> acks = producer.send(body.bytes()).acks();
      List<String> errors = acks.stream().filter(ack -> ack.contains("ERROR")).toList();
      assertThat(errors).hasSize(1);
      assertThat(errors.getFirst())
          .matches(
              "\\{\"EventType\":\"ERROR\",\"FragmentTimecode\":1000,\"FragmentNumber\":\"\\d{47}\","
                  + "\"ErrorCode\":\"FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS\",\"ErrorId\":4004}\n");
      assertThat(acks).filteredOn(ack -> ack.contains("PERSISTED")).hasSize(1);
      assertThat(server.fragments("cam")).hasSize(1);
      assertThat(producer.isClosedByServer()).isTrue();
    }
    assertThat(
            server.metrics.stream("cam").errors(IngestError.FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS))
        .isEqualTo(1);
  }

  @Test
  void tellsInvalidBytes() throws Exception {
    try (Producer producer = Producer.to(server, "cam")) {
      assertThat(producer.send(new byte[] {'R', 'I', 'F', 'F'}).acks())
          .containsExactly(
              "{\"EventType\":\"ERROR\",\"ErrorCode\":\"INVALID_MKV_DATA\",\"ErrorId\":4006}\n");
    }
  }

  @Test
  void discardsATornFragment() throws Exception {
    try (Producer producer = Producer.to(server, "cam")) {
      producer.send(MkvSample.withTracks(1).openCluster(0, 10, 1).openCluster(1000, 10, 1).bytes());
      producer.acksUntil("PERSISTED");
    }
    await().until(() -> server.ingest.connections() == 0);
    assertThat(server.fragments("cam")).hasSize(1);
    assertThat(server.metrics.stream("cam").tornFragments().sum()).isEqualTo(1);
    assertThat(server.metrics.stream("cam").openConnections().sum()).isZero();
    assertThat(server.ingest.bufferedBytes()).isZero();
  }

  @Test
  void keepsBothCopiesOfAReplayedFragment() throws Exception {
    byte[] body = MkvSample.withTracks(1).openCluster(1000, 10, 1).bytes();
    put(body, 1000);
    put(body, 1000);
    List<FragmentEntry> stored = server.fragments("cam");
    assertThat(stored).hasSize(2);
    assertThat(stored.get(0).producerTimeNanos()).isEqualTo(stored.get(1).producerTimeNanos());
    assertThat(stored.get(0).number().toString()).isLessThan(stored.get(1).number().toString());
  }

  @Test
  void endsWhenItsStreamIsDeleted() throws Exception {
    try (Producer producer = Producer.to(server, "cam")) {
      producer.send(MkvSample.withTracks(1).openCluster(0, 10, 1).endOfFragment().bytes());
      producer.acksUntil("PERSISTED");
      IngestServer.await(server.catalog.delete("cam", null));
      producer.send(new MkvSample().openCluster(1000, 10, 1).endOfFragment().bytes());
      assertThat(producer.acks().getLast()).containsPattern("\"ErrorId\":(4008|4507)");
    }
  }

  @Test
  void drainsSessionsAfterTheirAcks() throws Exception {
    try (Producer producer = Producer.to(server, "cam")) {
      producer.send(MkvSample.withTracks(1).openCluster(0, 10, 1).openCluster(1000, 10, 1).bytes());
      producer.acksUntil("RECEIVED");
      IngestServer.await(server.ingest.drain());
      List<String> rest = producer.acks();
      assertThat(rest).noneMatch(ack -> ack.contains("ERROR"));
    }
    assertThat(server.fragments("cam")).hasSize(1);
    try (Producer late = Producer.to(server, "cam")) {
      assertThat(late.head()).startsWith("HTTP/1.1 503");
    }
  }

  @Test
  void servesManyProducersAtOnce() throws Exception {
    List<Producer> producers = new ArrayList<>();
    byte[] body =
        MkvSample.withTracks(1).openCluster(0, 50_000, 1).openCluster(1000, 50_000, 1).bytes();
    for (int i = 0; i < 20; i++) {
      server.withStream("cam" + i);
      producers.add(Producer.to(server, "cam" + i));
    }
    for (Producer producer : producers) {
      producer.send(body, 0, 30_000);
    }
    for (Producer producer : producers) {
      producer.send(body, 30_000, body.length).finish();
    }
    for (Producer producer : producers) {
      assertThat(producer.acks()).filteredOn(ack -> ack.contains("PERSISTED")).hasSize(2);
      producer.close();
    }
  }

  @Test
  void oneBrokenProducerHurtsNoOther() throws Exception {
    server.withStream("other");
    try (Producer good = Producer.to(server, "other");
        Producer bad = Producer.to(server, "cam")) {
      good.send(MkvSample.withTracks(1).openCluster(0, 10, 1).bytes());
      good.acksUntil("BUFFERING");
      bad.raw(new byte[] {'z', 'z', '\r', '\n'});
      assertThatThrownBy(bad::acks).isInstanceOf(IOException.class);
      assertThat(good.finish().acks().getLast()).contains("PERSISTED");
    }
  }
}
