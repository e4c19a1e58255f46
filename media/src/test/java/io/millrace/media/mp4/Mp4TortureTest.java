package io.millrace.media.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.track.MediaException;
import io.millrace.media.track.UnsupportedMedia;
import io.millrace.tests.fixtures.ParserTorture;
import io.millrace.tests.fixtures.Recordings;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged MP4 files are read or refused, in bounded memory. */
class Mp4TortureTest {
  private static final Mp4Settings SMALL = new Mp4Settings(1 << 20, 8, 1000, 1 << 20, 1000);

  static Stream<Recordings> recordings() {
    return Stream.concat(
        Recordings.endingIn(".mp4").stream(), Recordings.endingIn(".mov").stream());
  }

  static String dump(ByteBuffer bytes, Mp4Settings settings) throws Exception {
    Mp4Reader reader = Mp4Reader.open(ByteSource.of(bytes), settings);
    StringBuilder text = new StringBuilder().append(reader.tracks()).append('\n');
    for (Mp4Sample sample = reader.next(); sample != null; sample = reader.next()) {
      text.append(sample.ptsNanos()).append(' ').append(reader.read(sample).data().remaining());
      text.append('\n');
    }
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void damageIsSurvived(Recordings recording) {
    byte[] bytes = recording.bytes();
    ParserTorture torture =
        new ParserTorture(
            pieces -> dump(pieces.iterator().next(), SMALL),
            e -> e instanceof MediaException && e.getMessage().contains("at byte"),
            600,
            400,
            16 << 20);

    torture.cut(bytes, 11);
    torture.damage(bytes, 11);
  }

  @Test
  void limitsAreMetAndOneBeyondIsRefused() throws Exception {
    byte[] bytes = Recordings.H264_AAC_MP4_MOOV_LAST.bytes();
    int samples =
        Mp4Reader.open(ByteSource.of(ByteBuffer.wrap(bytes)), Mp4Settings.DEFAULT).sampleCount();
    int largest = 3000;

    assertThat(dump(ByteBuffer.wrap(bytes), new Mp4Settings(1 << 20, 2, samples, largest, 5)))
        .isNotEmpty();
    refused(bytes, new Mp4Settings(1 << 20, 2, samples - 1, largest, 5), "samples exceed");
    refused(bytes, new Mp4Settings(1 << 20, 1, samples, largest, 5), "more than 1 tracks");
    refused(bytes, new Mp4Settings(100, 2, samples, largest, 5), "exceeds the limit of 100");
    refused(bytes, new Mp4Settings(1 << 20, 2, samples, 100, 5), "exceeds the limit of 100");
    refused(bytes, new Mp4Settings(1 << 20, 2, samples, largest, 2), "more than 2 boxes");
    byte[] fragmented = Recordings.H264_AAC_MP4_FRAGMENTED.bytes();
    refused(fragmented, new Mp4Settings(1 << 20, 2, 50, largest, 50), "samples exceed");
  }

  private static void refused(byte[] bytes, Mp4Settings settings, String message) {
    assertThatThrownBy(() -> dump(ByteBuffer.wrap(bytes), settings))
        .isInstanceOf(UnsupportedMedia.class)
        .hasMessageContaining(message);
  }

  @Test
  void theStartOfAFileTellsWhatItIs() {
    assertThat(Mp4Reader.looksLikeMp4(ByteBuffer.wrap(Recordings.H265_AAC_MP4.bytes()))).isTrue();
    assertThat(Mp4Reader.looksLikeMp4(ByteBuffer.wrap(Recordings.CLUSTERS.bytes()))).isFalse();
    assertThat(Mp4Reader.looksLikeMp4(ByteBuffer.allocate(7))).isFalse();
  }
}
