package io.millrace.playback.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.codec.Codec;
import io.millrace.media.mkv.ClusterWriter;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import io.millrace.playback.clip.Clip;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentNumber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which frames of AAC a fragment has, without encoding any. */
final class SoundPlanTest {
  private static final long START_MILLIS = 1_770_000_000_000L;
  private static final int HZ = 8_000;
  private static final int SAMPLES = HZ / 50;

  /** WAVEFORMATEX of mono A-law at 8 kHz. */
  private static final byte[] A_LAW = {6, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0};

  private static final Track TRACK =
      new Track(
          1,
          1,
          TrackType.AUDIO,
          "",
          Codec.ACM_ID,
          CodecPrivateData.copyOf(A_LAW),
          0,
          Optional.empty(),
          Optional.of(new Track.AudioFormat(HZ, 1, 0)));

  private static final SoundSource SOURCE = SoundSource.of(TRACK).orElseThrow();

  /** Packets of 20 ms at these milliseconds after the start. */
  private static SoundPlan.Stored fragment(long... atMillis) throws Exception {
    long first = (START_MILLIS + atMillis[0]) * 1_000_000;
    ClusterWriter cluster = new ClusterWriter(first, 1_000_000, 1 << 16);
    for (long millis : atMillis) {
      cluster.add(1, (START_MILLIS + millis) * 1_000_000, true, ByteBuffer.wrap(new byte[SAMPLES]));
    }
    ByteBuffer payload =
        Clip.concat(List.of(MkvMuxer.header(List.of(TRACK), 1_000_000, "test"), cluster.finish()));
    FragmentEntry entry =
        new FragmentEntry(
            new FragmentNumber(atMillis[0] + 1, 1, 1), first, START_MILLIS, 0, 0, 1, 0);
    return new SoundPlan.Stored(entry, MkvFragment.parse(payload));
  }

  private static long[] steady(long fromMillis, int packets) {
    long[] times = new long[packets];
    for (int i = 0; i < packets; i++) {
      times[i] = fromMillis + 20L * i;
    }
    return times;
  }

  private static SoundPlan plan(Optional<SoundPlan.Stored> before, SoundPlan.Stored own) {
    return SoundPlan.of(SOURCE, before, own, SoundBounds.DEFAULTS);
  }

  @Test
  void fragmentsOfAnyLengthsShareTheFramesWithoutAGap() throws Exception {
    SplittableRandom random = new SplittableRandom(11);
    Optional<SoundPlan.Stored> before = Optional.empty();
    long next = -1;
    long millis = 0;
    for (int i = 0; i < 200; i++) {
      int packets = 1 + random.nextInt(100);
      // Clocks wander by a millisecond between two fragments.
      SoundPlan.Stored own = fragment(steady(millis + random.nextInt(2), packets));
      SoundPlan plan = plan(before, own);
      if (next >= 0) {
        assertThat(plan.firstFrame()).isEqualTo(next);
      }
      long seenTo = (plan.firstFrame() + plan.frames() + 2) * SoundPlan.FRAME_SAMPLES;
      long have = FragmentSound.of(own.entry(), own.media(), SOURCE).endSample();
      if (plan.frames() > 0) {
        assertThat(seenTo).as("nothing is needed of what comes next").isLessThanOrEqualTo(have);
      }
      next = plan.firstFrame() + plan.frames();
      millis += 20L * packets;
      before = Optional.of(own);
    }
  }

  @Test
  void aGapBeginsAnew() throws Exception {
    SoundPlan.Stored before = fragment(steady(0, 100));
    SoundPlan joined = plan(Optional.of(before), fragment(steady(2_250, 100)));
    SoundPlan apart = plan(Optional.of(before), fragment(steady(2_251, 100)));
    long last = Math.floorDiv((START_MILLIS + 2_000) * 8, 1024L) - 3;
    assertThat(joined.firstFrame()).isEqualTo(last + 1);
    assertThat(apart.firstFrame()).isEqualTo(Math.floorDiv((START_MILLIS + 2_251) * 8, 1024L));
  }

  @Test
  void roundedTimesDoNotMoveSamples() throws Exception {
    long[] rounded = steady(0, 100);
    for (int i = 1; i < rounded.length; i++) {
      rounded[i] += i % 2;
    }
    FragmentSound sound = sound(fragment(rounded));
    for (int i = 1; i < 100; i++) {
      assertThat(sound.frames().get(i).sample()).isEqualTo(sound.frames().get(i - 1).end());
    }
    assertThat(sound.startSample())
        .as("half a millisecond late on average")
        .isEqualTo(START_MILLIS * 8 + 4);
  }

  @Test
  void lostPacketsLeaveAHole() throws Exception {
    FragmentSound sound = sound(fragment(0, 20, 40, 91, 111));
    assertThat(sound.frames().get(3).sample()).isEqualTo((START_MILLIS + 91) * 8);
    FragmentSound late = sound(fragment(0, 20, 40, 90, 110));
    assertThat(late.frames().get(3).sample()).isEqualTo(late.frames().get(2).end());
  }

  private static FragmentSound sound(SoundPlan.Stored stored) {
    return FragmentSound.of(stored.entry(), stored.media(), SOURCE);
  }

  @Test
  void workHasBounds() throws Exception {
    SoundPlan.Stored own = fragment(steady(0, 100));
    SoundPlan plan = plan(Optional.empty(), own);
    long samples = (plan.frames() + 6L) * SoundPlan.FRAME_SAMPLES;
    assertThat(bounded(own, samples, 100).frames()).isEqualTo(plan.frames());
    assertThatThrownBy(() -> bounded(own, samples - 1, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("encoded at once");
    assertThatThrownBy(() -> bounded(own, samples, 99))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100 frames");
  }

  private static SoundPlan bounded(SoundPlan.Stored own, long samples, int frames) {
    return SoundPlan.of(SOURCE, Optional.empty(), own, new SoundBounds(samples, frames));
  }

  @Test
  void whatIsNoSourceIsSaidSo() {
    byte[] wave = A_LAW.clone();
    wave[2] = 3;
    assertThat(SoundSource.of(TRACK.withCodecPrivate(CodecPrivateData.copyOf(wave))))
        .as("three channels")
        .isEmpty();
    wave[2] = 2;
    wave[4] = 0x41;
    assertThat(SoundSource.of(TRACK.withCodecPrivate(CodecPrivateData.copyOf(wave))))
        .as("8,001 Hz")
        .isEmpty();
  }
}
