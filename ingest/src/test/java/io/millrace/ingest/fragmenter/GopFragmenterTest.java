package io.millrace.ingest.fragmenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.mkv.CaptureTraits;
import io.millrace.media.track.ClockSource;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Frame;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where groups of pictures and sound alone are cut, at each limit and one beyond. */
class GopFragmenterTest {
  private static final long MILLI = 1_000_000L;
  private static final long START = 1_750_000_000_000L * MILLI;
  private static final int MAX_BYTES = 10_000;
  private static final GopSettings LIMITS =
      new GopSettings(
          Duration.ofMillis(800), Duration.ofSeconds(2), Duration.ofSeconds(20), MAX_BYTES);

  private static final Track VIDEO =
      new Track(
          1,
          1,
          TrackType.VIDEO,
          "",
          "V_VP8",
          CodecPrivateData.EMPTY,
          0,
          Optional.empty(),
          Optional.empty());

  private static final Track SOUND =
      new Track(
          1,
          1,
          TrackType.AUDIO,
          "",
          "A_OPUS",
          CodecPrivateData.EMPTY,
          0,
          Optional.empty(),
          Optional.of(new AudioFormat(48_000, 2, 0)));

  private final List<Fragment> fragments = new ArrayList<>();

  private GopFragmenter fragmenter(Track track) {
    return new GopFragmenter(
        LIMITS,
        List.of(track),
        "test",
        new FragmentListener() {
          @Override
          public void fragmentBegan(long timecode, long timecodeNanos) {}

          @Override
          public void fragmentCompleted(Fragment fragment) {
            fragments.add(fragment);
          }
        });
  }

  private static void frame(GopFragmenter into, long millis, boolean keyframe, int sizeBytes) {
    into.add(
        new Frame(1, START + millis * MILLI, 0, keyframe, ByteBuffer.wrap(new byte[sizeBytes])));
  }

  private List<Long> beginnings() {
    return fragments.stream().map(each -> (each.timecodeNanos() - START) / MILLI).toList();
  }

  private CaptureTraits capture(int fragment) {
    return fragments.get(fragment).traits().capture();
  }

  @Test
  void aGroupOfPicturesAboveTheLongestFragmentIsCutAndThatIsFlagged() {
    GopFragmenter fragmenter = fragmenter(VIDEO);
    frame(fragmenter, 0, true, 10);
    frame(fragmenter, 20_000, false, 10);
    frame(fragmenter, 20_001, false, 10);
    frame(fragmenter, 21_000, true, 10);
    fragmenter.end();
    assertThat(beginnings()).containsExactly(0L, 20_001L, 21_000L);
    assertThat(fragments.getFirst().frames()).isEqualTo(2);
    assertThat(capture(0).cutAtLimit()).isFalse();
    assertThat(capture(1).cutAtLimit()).as("goes on in the middle of a group").isTrue();
    assertThat(fragments.get(1).traits().startsWithKeyframe()).isFalse();
    assertThat(capture(2).cutAtLimit()).isFalse();
    assertThat(fragments.get(2).traits().startsWithKeyframe()).isTrue();
  }

  @Test
  void aFragmentAboveTheMostBytesIsCutAndOneFrameAboveThemIsRefused() {
    GopFragmenter open = fragmenter(VIDEO);
    frame(open, 0, true, 5000);
    int room = MAX_BYTES - Math.toIntExact(open.heldBytes());
    frame(open, 40, false, room);
    frame(open, 80, false, 1);
    open.end();
    assertThat(beginnings()).containsExactly(0L, 80L);
    assertThat(capture(1).cutAtLimit()).isTrue();
    fragments.clear();
    GopFragmenter beyond = fragmenter(VIDEO);
    frame(beyond, 0, true, 5000);
    frame(beyond, 40, false, room + 1);
    beyond.end();
    assertThat(beginnings()).containsExactly(0L, 40L);
    GopFragmenter single = fragmenter(VIDEO);
    frame(single, 0, true, MAX_BYTES);
    assertThatThrownBy(() -> frame(single, 40, false, MAX_BYTES + 1))
        .isInstanceOfSatisfying(
            FragmentRefused.class,
            refused ->
                assertThat(refused.error()).isEqualTo(IngestError.MAX_FRAGMENT_SIZE_REACHED));
  }

  @Test
  void keyframesCloserThanTheShortestFragmentBeginNone() {
    GopFragmenter fragmenter = fragmenter(VIDEO);
    frame(fragmenter, 0, true, 10);
    frame(fragmenter, 799, true, 10);
    frame(fragmenter, 800, true, 10);
    fragmenter.end();
    assertThat(beginnings()).containsExactly(0L, 800L);
  }

  @Test
  void soundAloneIsCutByItsOwnDuration() {
    GopFragmenter fragmenter = fragmenter(SOUND);
    frame(fragmenter, 0, true, 10);
    frame(fragmenter, 1999, true, 10);
    frame(fragmenter, 2000, true, 10);
    fragmenter.end();
    assertThat(beginnings()).containsExactly(0L, 2000L);
    assertThat(capture(1).cutAtLimit()).isFalse();
  }

  /** Times of a keyframe say nothing of the fragment that it ends. */
  @Test
  void aFragmentSaysTheClockAndTheWorstErrorOfItsOwnFrames() {
    GopFragmenter fragmenter = fragmenter(VIDEO);
    fragmenter.clock(ClockSource.SERVER, 30 * MILLI);
    frame(fragmenter, 0, true, 10);
    fragmenter.clock(ClockSource.SERVER, 5 * MILLI);
    frame(fragmenter, 40, false, 10);
    fragmenter.clock(ClockSource.CAMERA_NTP, MILLI);
    frame(fragmenter, 1000, true, 10);
    fragmenter.end();
    assertThat(capture(0).clock()).isEqualTo(ClockSource.SERVER);
    assertThat(capture(0).errorClass()).isEqualTo(CaptureTraits.errorClass(30 * MILLI));
    assertThat(capture(1).clock()).isEqualTo(ClockSource.CAMERA_NTP);
    assertThat(capture(1).errorClass()).isEqualTo(CaptureTraits.errorClass(MILLI));
  }
}
