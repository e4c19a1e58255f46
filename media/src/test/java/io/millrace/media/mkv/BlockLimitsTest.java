package io.millrace.media.mkv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.ebml.EbmlSettings;
import io.millrace.media.ebml.EbmlWriter;
import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.UnsupportedMedia;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks and times at the edge of what they may be. */
class BlockLimitsTest {
  private static EbmlWriter cluster(long timecode) {
    return SmallDocuments.head(new EbmlWriter(64))
        .unknownSize(MatroskaId.CLUSTER, 1)
        .integer(MatroskaId.TIMECODE, timecode);
  }

  private static String dump(EbmlWriter out, MkvSettings settings) throws Exception {
    return MkvDump.of(List.of(ByteBuffer.wrap(SmallDocuments.bytes(out))), settings);
  }

  private static EbmlWriter laced(int bytes) {
    int[] rest = new int[bytes - 4];
    rest[0] = 1;
    rest[1] = 1;
    return SmallDocuments.block(cluster(0), MatroskaId.SIMPLE_BLOCK, 1, 0, 0x02, rest);
  }

  @Test
  void lacedBlocksAtTheLimitAreTakenAndOneByteMoreIsRefused() throws Exception {
    MkvSettings twenty = new MkvSettings(EbmlSettings.DEFAULT, 0, 1, 1, 20);

    assertThat(dump(laced(20), twenty)).contains("2 frames");
    assertThatThrownBy(() -> dump(laced(21), twenty))
        .isInstanceOf(UnsupportedMedia.class)
        .hasMessageContaining("laced block of 21 bytes exceeds the limit of 20")
        .hasMessageContaining("Segment/Cluster/SimpleBlock");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 8, 9, 100})
  void asMuchPayloadIsDeliveredAsAskedFor(int wanted) throws Exception {
    int[] payload = {10, 11, 12, 13, 14, 15, 16, 17, 18};
    EbmlWriter out = SmallDocuments.block(cluster(0), MatroskaId.SIMPLE_BLOCK, 1, 0, 0x80, payload);
    StringBuilder text = new StringBuilder();
    MkvListener listener =
        new MkvListener() {
          @Override
          public void frame(FrameEvent frame) {
            while (frame.data().hasRemaining()) {
              text.append(frame.data().get()).append(' ');
            }
          }
        };

    new MkvDemuxer(MkvSettings.LIVE.withDeliveredBytes(wanted), listener)
        .feed(ByteBuffer.wrap(SmallDocuments.bytes(out)));

    String all = "10 11 12 13 14 15 16 17 18 ";
    assertThat(text.toString()).isEqualTo(all.substring(0, 3 * Math.min(wanted, 9)));
  }

  @ParameterizedTest
  @CsvSource({
    "02, 'lacing header is longer than its block', 01",
    "02, 'laced frames are longer than their block', '01,05,aa'",
    "04, 'do not divide into 2 frames', '01,aa,bb,cc'",
    "06, 'laced frame of', '02,81,80,aa'",
    "06, 'more than 8 bytes', '01,00'",
    "02, 'has no frame count', ''",
  })
  void brokenLacingIsNamed(String flags, String message, String rest) {
    int[] bytes =
        rest.isEmpty()
            ? new int[0]
            : List.of(rest.split(",")).stream().mapToInt(b -> Integer.parseInt(b, 16)).toArray();
    EbmlWriter out =
        SmallDocuments.block(
            cluster(0), MatroskaId.SIMPLE_BLOCK, 1, 0, Integer.parseInt(flags, 16), bytes);

    assertThatThrownBy(() -> dump(out, MkvSettings.LIVE))
        .isInstanceOf(MalformedMedia.class)
        .hasMessageContaining(message);
  }

  @Test
  void timesThatFitNanosecondsAreTakenAndBeyondIsRefused() throws Exception {
    long latest = (Long.MAX_VALUE - (1L << 60)) / 1_000_000;

    assertThat(dump(cluster(latest), MkvSettings.LIVE)).contains("timecode " + latest);
    for (long beyond : new long[] {latest + 1, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> dump(cluster(beyond), MkvSettings.LIVE))
          .isInstanceOf(MalformedMedia.class)
          .hasMessageContaining("Segment/Cluster/Timecode");
    }
  }

  @Test
  void clustersSayTheirTimeOnceAndFirst() {
    EbmlWriter twice = cluster(1).integer(MatroskaId.TIMECODE, 2);
    EbmlWriter none =
        SmallDocuments.block(
            SmallDocuments.head(new EbmlWriter(64)).unknownSize(MatroskaId.CLUSTER, 1),
            MatroskaId.SIMPLE_BLOCK,
            1,
            0,
            0);

    assertThatThrownBy(() -> dump(twice, MkvSettings.LIVE)).hasMessageContaining("second Timecode");
    assertThatThrownBy(() -> dump(none, MkvSettings.LIVE))
        .hasMessageContaining("before the Timecode");
  }
}
