package io.millrace.media.mkv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.track.Frame;
import io.millrace.tests.fixtures.Ffmpeg;
import io.millrace.tests.fixtures.Recordings;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write, we and ffmpeg read back. */
class MkvMuxerTest {
  @TempDir Path folder;

  @Test
  void tagsAreByteForByteThoseOfTheRealService() {
    byte[] reply = Recordings.GET_MEDIA_REPLY.bytes();
    ByteBuffer identity =
        MkvMuxer.tags(
            List.of(
                new SimpleTag(
                    "AWS_KINESISVIDEO_FRAGMENT_NUMBER",
                    "91343852333181432392682062607743920146159169392"),
                new SimpleTag("AWS_KINESISVIDEO_SERVER_TIMESTAMP", "1511852109.126"),
                new SimpleTag("AWS_KINESISVIDEO_PRODUCER_TIMESTAMP", "1511852108.513")));
    ByteBuffer progress =
        MkvMuxer.tags(
            List.of(
                new SimpleTag("AWS_KINESISVIDEO_MILLIS_BEHIND_NOW", "15858"),
                new SimpleTag(
                    "AWS_KINESISVIDEO_CONTINUATION_TOKEN",
                    "91343852333181432392682062607743920146159169392")));

    assertThat(identity).isEqualTo(ByteBuffer.wrap(Arrays.copyOfRange(reply, 916, 1159)));
    assertThat(progress).isEqualTo(ByteBuffer.wrap(Arrays.copyOfRange(reply, 547754, 547925)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 100_000, 11_111, 1})
  void framesComeBackAtEveryTimecodeScale(long scale) throws Exception {
    MkvFragment source = StoredFragments.parsed(Recordings.H265_AAC.bytes()).getFirst();
    long tick = Math.max(1, scale);
    ClusterWriter writer = new ClusterWriter(5_000_000_000L, tick, 1 << 16);
    List<Frame> taken =
        source.frames().stream()
            .map(f -> shifted(f, 5_000_000_000L))
            .filter(f -> writer.takes(f.ptsNanos()))
            .toList();
    taken.forEach(writer::add);
    ByteBuffer header = MkvMuxer.header(source.header().tracks(), tick, "Millrace");
    ByteBuffer cluster = writer.finish();
    ByteBuffer payload = join(header, cluster);

    MkvFragment parsed = MkvFragment.parse(payload);

    assertThat(taken).isNotEmpty();
    assertThat(parsed.header().timecodeScaleNanos()).isEqualTo(tick);
    assertThat(parsed.header().tracks())
        .usingRecursiveComparison()
        .isEqualTo(source.header().tracks());
    assertThat(parsed.frames()).hasSameSizeAs(taken);
    assertThat(parsed.clusterStart()).isEqualTo(header.remaining());
    for (int i = 0; i < taken.size(); i++) {
      Frame before = taken.get(i);
      Frame after = parsed.frames().get(i);
      assertThat(after.data()).isEqualTo(before.data());
      assertThat(after.keyframe()).isEqualTo(before.keyframe());
      assertThat(Math.abs(after.ptsNanos() - before.ptsNanos())).isLessThanOrEqualTo(tick / 2);
    }
  }

  @Test
  void ffmpegDecodesWhatWeMux() throws Exception {
    ByteBuffer document = ByteBuffer.allocate(0);
    for (MkvFragment source : StoredFragments.parsed(Recordings.H264_OPEN_GOP.bytes())) {
      if (!document.hasRemaining()) {
        document = MkvMuxer.header(source.header().tracks(), 1_000_000, "Millrace");
      }
      ClusterWriter writer = new ClusterWriter(source.clusterTimecodeNanos(), 1_000_000, 1 << 16);
      source.frames().forEach(writer::add);
      document = join(document, writer.finish());
    }
    Path ours = Files.write(folder.resolve("ours.mkv"), document.array());

    assertThat(Ffmpeg.frameHashes(ours, "v:0"))
        .isEqualTo(Ffmpeg.frameHashes(Recordings.H264_OPEN_GOP.copyTo(folder), "v:0"));
  }

  @Test
  void aClusterTakesTimesOfSixteenBitsAndNotOneMore() {
    ClusterWriter writer = new ClusterWriter(100_000_000_000L, 1_000_000, 64);
    long first = 100_000_000_000L - 32_768_000_000L;
    long last = 100_000_000_000L + 32_767_000_000L;

    assertThat(writer.takes(first)).isTrue();
    assertThat(writer.takes(last)).isTrue();
    assertThat(writer.takes(first - 1_000_000)).isFalse();
    assertThatThrownBy(() -> writer.add(1, last + 1_000_000, true, ByteBuffer.allocate(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too far");
  }

  @Test
  void theSegmentSizeOfAFileBecomesUnknownAndNothingElseChanges() throws Exception {
    byte[] file = Recordings.H264_OPEN_GOP.bytes();
    MkvFragment fragment = StoredFragments.parsed(file).getFirst();
    ByteBuffer before = ByteBuffer.wrap(file, 0, fragment.clusterStart());
    ByteBuffer after = MkvMuxer.withUnknownSegmentSize(before);

    assertThat(MkvMuxer.withUnknownSegmentSize(after)).isEqualTo(after);
    int at = before.mismatch(after);
    assertThat(after.slice(at - 5, 4).getInt()).isEqualTo(MatroskaId.SEGMENT);
    assertThat(after.getLong(at - 1)).isEqualTo(0x01ff_ffff_ffff_ffffL);
    assertThat(before.slice(at + 7, before.limit() - at - 7))
        .isEqualTo(after.slice(at + 7, after.limit() - at - 7));
    assertThatThrownBy(() -> MkvMuxer.withUnknownSegmentSize(ByteBuffer.wrap(file, 0, 20)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Frame shifted(Frame f, long nanos) {
    return new Frame(f.trackNumber(), f.ptsNanos() + nanos, 0, f.keyframe(), f.data());
  }

  private static ByteBuffer join(ByteBuffer first, ByteBuffer second) {
    return ByteBuffer.allocate(first.remaining() + second.remaining())
        .put(first.duplicate())
        .put(second.duplicate())
        .flip();
  }
}
