package io.millrace.media.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.codec.Codec;
import io.millrace.media.codec.Framing;
import io.millrace.media.mkv.StoredFragments;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Frame;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import io.millrace.media.track.UnsupportedMedia;
import io.millrace.tests.fixtures.Recordings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times of segments: exact, joined, without drift. */
class MediaSegmentTest {
  private static final long MS = 1_000_000;
  private static final Track AAC_48K =
      new Track(
          2,
          2,
          TrackType.AUDIO,
          "",
          Codec.AAC_ID,
          CodecPrivateData.copyOf(new byte[] {0x11, (byte) 0x90}),
          0,
          Optional.empty(),
          Optional.of(new AudioFormat(48_000, 2, 0)));

  private static Track video() throws Exception {
    return StoredFragments.parsed(Recordings.KVSSINK_720P_BFRAMES.bytes())
        .getFirst()
        .header()
        .track(1)
        .orElseThrow();
  }

  private static Frame frame(int track, long ptsNanos) {
    return new Frame(track, ptsNanos, 0, true, ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 9}));
  }

  /** Milliseconds rounded from a rate, as containers write them. */
  private static List<Frame> frames(int track, int first, int count, double rate) {
    List<Frame> frames = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      frames.add(frame(track, Math.round(i * 1000.0 / rate) * MS));
    }
    return frames;
  }

  @ParameterizedTest
  @ValueSource(doubles = {30, 29.97, 23.976, 15, 12.5})
  void anHourOfVideoSegmentsJoinsWithoutDrift(double rate) throws Exception {
    Track track = video();
    int perSegment = 60;
    long expectedStart = 0;
    for (int i = 0; i < 3600 * rate / perSegment; i++) {
      List<Frame> frames = frames(1, i * perSegment, perSegment + 1, rate);
      Frame next = frames.removeLast();
      long last = next.ptsNanos() - frames.getLast().ptsNanos();

      MediaSegment segment =
          MediaSegment.of(track, Framing.NATIVE, frames, 0, OptionalLong.of(last), i + 1);

      assertThat(segment.startTicks()).isEqualTo(expectedStart);
      assertThat(segment.startTicks()).isEqualTo(frames.getFirst().ptsNanos() / MS * 90);
      expectedStart += segment.durationTicks();
    }
  }

  @Test
  void audioRoundedToMillisecondsGetsItsExactFrameLengthBack() throws Exception {
    List<Frame> frames = frames(2, 0, 100, 48_000 / 1024.0);

    MediaSegment segment =
        MediaSegment.of(AAC_48K, Framing.NATIVE, frames, 0, OptionalLong.empty(), 1);

    assertThat(segment.durationTicks()).isEqualTo(100 * 1024);
    assertThat(durations(segment)).containsOnly(1024);
  }

  @Test
  void audioWithAGapKeepsTheTimesOfItsContainer() throws Exception {
    List<Frame> frames = frames(2, 0, 10, 48_000 / 1024.0);
    frames.add(frame(2, 500 * MS));

    MediaSegment segment =
        MediaSegment.of(AAC_48K, Framing.NATIVE, frames, 0, OptionalLong.of(20 * MS), 1);

    assertThat(segment.durationTicks()).isEqualTo(520 * 48);
    assertThat(durations(segment)[9]).isEqualTo((500 - 192) * 48);
  }

  private static int[] durations(MediaSegment segment) {
    int[] durations = new int[segment.samples()];
    // Audio runs have 8 bytes per sample and stand before the 8 bytes of the mdat header.
    int first = segment.head().limit() - 8 - 8 * segment.samples();
    for (int i = 0; i < durations.length; i++) {
      durations[i] = segment.head().getInt(first + 8 * i);
    }
    return durations;
  }

  @Test
  void theLastFrameTakesWhatIsKnownOfIt() throws Exception {
    List<Frame> two = List.of(frame(1, 0), frame(1, 40 * MS));
    List<Frame> declared =
        List.of(frame(1, 0), new Frame(1, 40 * MS, 25 * MS, false, ByteBuffer.allocate(1)));
    Track plain = video();

    assertThat(duration(plain, two, OptionalLong.of(10 * MS))).isEqualTo(50 * 90);
    assertThat(duration(plain, declared, OptionalLong.empty())).isEqualTo(65 * 90);
    assertThat(duration(plain, two, OptionalLong.empty())).isEqualTo(80 * 90);
    assertThat(duration(plain, two.subList(0, 1), OptionalLong.empty())).isEqualTo(3000);
  }

  private static long duration(Track track, List<Frame> frames, OptionalLong last)
      throws Exception {
    return MediaSegment.of(track, Framing.NATIVE, frames, 0, last, 1).durationTicks();
  }

  @Test
  void whatCannotBeASegmentIsRefused() throws Exception {
    Track track = video();
    List<Frame> one = List.of(frame(1, 5));

    assertThatThrownBy(
            () -> MediaSegment.of(track, Framing.NATIVE, one, 6, OptionalLong.empty(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("before the base time");
    assertThatThrownBy(() -> duration(AAC_48K, one, OptionalLong.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no frame of track 2");
    assertThatThrownBy(
            () ->
                duration(
                    track,
                    List.of(frame(1, 0), frame(1, 24L * 3600 * 1000 * MS)),
                    OptionalLong.empty()))
        .isInstanceOf(UnsupportedMedia.class);
    Track vorbis =
        new Track(
            1,
            1,
            TrackType.AUDIO,
            "",
            "A_VORBIS",
            CodecPrivateData.EMPTY,
            0,
            Optional.empty(),
            Optional.empty());
    assertThatThrownBy(() -> InitSegment.of(vorbis))
        .isInstanceOf(UnsupportedMedia.class)
        .hasMessageContaining("A_VORBIS");
  }

  @Test
  void ticksAreExactForAnyEpochTime() {
    Timescale scale = new Timescale(90_000);
    long epoch = 1_795_222_706_776L * MS;

    assertThat(scale.ticks(epoch)).isEqualTo(1_795_222_706_776L * 90);
    assertThat(scale.nanos(scale.ticks(epoch))).isEqualTo(epoch);
    assertThat(new Timescale(44_100).ticks(1_000_000_000_000L)).isEqualTo(44_100_000);
    assertThat(scale.ticks(-1 * MS)).isEqualTo(-90);
  }
}
