package io.millrace.media.mkv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.UnsupportedMedia;
import io.millrace.tests.fixtures.GoldenDump;
import io.millrace.tests.fixtures.ParserTorture;
import io.millrace.tests.fixtures.Recordings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Matroska recording: its dump, and every misfortune on the way to it. */
class MkvDemuxerTest {
  private static final long SEED = 20261121;
  private static final MkvSettings ALL = MkvSettings.LIVE.withDeliveredBytes(Integer.MAX_VALUE);

  static Stream<Recordings> recordings() {
    return Recordings.endingIn(".mkv").stream();
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void dumpIsTheGoldenOne(Recordings recording) throws Exception {
    String dump = MkvDump.of(List.of(ByteBuffer.wrap(recording.bytes())), ALL);

    GoldenDump.check(MkvDemuxerTest.class, recording.fileName(), dump);
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void liveParsingSurvivesEveryMisfortune(Recordings recording) {
    torture(MkvSettings.LIVE, 60, 60, 4 << 20).run(recording.bytes());
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void parsingWithPayloadSurvivesEveryMisfortune(Recordings recording) {
    byte[] bytes = recording.bytes();
    byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, 20_000));

    torture(ALL, 1200, 40, 4 << 20).run(head);
  }

  @Test
  void smallDocumentsSurviveEveryMisfortuneAtEveryOffset() {
    byte[] bytes = SmallDocuments.everyElement();

    torture(ALL, bytes.length, 0, 4 << 20).run(bytes);
  }

  private record Torture(ParserTorture torture) {
    void run(byte[] bytes) {
      torture.split(bytes, SEED);
      torture.cut(bytes, SEED);
      torture.damage(bytes, SEED);
    }
  }

  private static Torture torture(MkvSettings settings, int exhaustive, int samples, long memory) {
    return new Torture(
        new ParserTorture(
            pieces -> MkvDump.of(pieces, settings),
            e -> e instanceof MediaException && e.getMessage().contains("at byte"),
            exhaustive,
            samples,
            memory));
  }

  @Test
  void everyElementIsDumped() throws Exception {
    String dump = MkvDump.of(List.of(ByteBuffer.wrap(SmallDocuments.everyElement())), ALL);

    GoldenDump.check(MkvDemuxerTest.class, "every-element", dump);
  }

  @Test
  void tracksAndTagsUpToTheLimitAreTakenAndOneMoreIsRefused() throws Exception {
    MkvSettings three = new MkvSettings(MkvSettings.LIVE.ebml(), 0, 3, 3, 100);
    MkvSettings two = new MkvSettings(MkvSettings.LIVE.ebml(), 0, 2, 3, 100);
    MkvSettings twoTags = new MkvSettings(MkvSettings.LIVE.ebml(), 0, 3, 2, 100);
    byte[] document = SmallDocuments.withTracksAndTags(3, 3);

    assertThat(MkvDump.of(List.of(ByteBuffer.wrap(document)), three)).contains("track 3");
    assertThatThrownBy(() -> MkvDump.of(List.of(ByteBuffer.wrap(document)), two))
        .isInstanceOf(UnsupportedMedia.class)
        .hasMessageContaining("more than 2 tracks")
        .hasMessageContaining("Segment/Tracks");
    assertThatThrownBy(() -> MkvDump.of(List.of(ByteBuffer.wrap(document)), twoTags))
        .isInstanceOf(UnsupportedMedia.class)
        .hasMessageContaining("more than 2 tags");
  }

  @Test
  void garbageIsRefusedAtItsFirstByte() {
    byte[] garbage = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    assertThatThrownBy(() -> MkvDump.of(List.of(ByteBuffer.wrap(garbage)), ALL))
        .isInstanceOf(MalformedMedia.class)
        .hasMessageContaining("at byte 0");
  }

  @Test
  void anErrorNamesOffsetAndPathAndStays() {
    byte[] bytes = Recordings.KVSSINK_360P_AAC.bytes();
    // The size of the second SimpleBlock becomes unknown.
    Arrays.fill(bytes, 0x2e51, 0x2e59, (byte) 0xff);
    bytes[0x2e51] = 0x01;
    MkvDemuxer demuxer = new MkvDemuxer(MkvSettings.LIVE, new MkvListener() {});

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> demuxer.feed(ByteBuffer.wrap(bytes)))
          .isInstanceOfSatisfying(
              MalformedMedia.class,
              e -> {
                assertThat(e.offset()).isEqualTo(0x2e50);
                assertThat(e.path()).isEqualTo("Segment/Cluster/SimpleBlock");
              });
    }
  }
}
