package io.millrace.media.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.media.codec.Framing;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.mkv.StoredFragments;
import io.millrace.media.track.Frame;
import io.millrace.media.track.Track;
import io.millrace.tests.fixtures.Ffmpeg;
import io.millrace.tests.fixtures.Recordings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our reader sees the packets that ffprobe sees: time, duration, size, place, key flag. */
class Mp4ReaderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      names = {
        "H264_AAC_MP4_MOOV_LAST",
        "H264_AAC_MP4_MOOV_FIRST",
        "H264_AAC_MP4_FRAGMENTED",
        "H264_AAC_MP4_SIGNED_OFFSETS",
        "H265_AAC_MP4",
        "H264_AAC_QUICKTIME"
      })
  void packetsAreThoseOfFfprobe(Recordings recording) throws Exception {
    Mp4Reader reader =
        Mp4Reader.open(ByteSource.of(ByteBuffer.wrap(recording.bytes())), Mp4Settings.DEFAULT);
    Path file = recording.copyTo(folder);
    List<Mp4Sample> samples = new ArrayList<>();
    for (Mp4Sample s = reader.next(); s != null; s = reader.next()) {
      samples.add(s);
      Frame frame = reader.read(s);
      assertThat(frame.data().remaining()).isEqualTo(s.sizeBytes());
    }

    assertThat(reader.tracks()).hasSize(2);
    assertThat(samples).hasSize(reader.sampleCount());
    for (Track track : reader.tracks()) {
      List<Mp4Sample> own =
          samples.stream().filter(s -> s.trackNumber() == track.number()).toList();
      for (int i = 1; i < own.size(); i++) {
        long step = own.get(i).dtsNanos() - own.get(i - 1).dtsNanos();
        assertThat(own.get(i - 1).durationNanos()).isCloseTo(step, within(1L));
      }
      assertThat(own.stream().map(Mp4ReaderTest::line).toList())
          .isEqualTo(packets(file, track.number() - 1, recording));
    }
  }

  @Test
  void ourOwnSegmentsReadBackToTheirFrames() throws Exception {
    List<MkvFragment> fragments = StoredFragments.parsed(Recordings.KVSSINK_720P_BFRAMES.bytes());
    Track track = fragments.getFirst().header().tracks().getFirst();
    long base = fragments.getFirst().clusterTimecodeNanos();
    List<Frame> written = new ArrayList<>();
    ByteBuffer file = ByteBuffer.allocate(1 << 20).put(InitSegment.of(track));
    for (MkvFragment fragment : fragments) {
      written.addAll(fragment.frames());
      MediaSegment.of(track, Framing.NATIVE, fragment.frames(), base, OptionalLong.empty(), 1)
          .writeTo(file);
    }

    Mp4Reader reader = Mp4Reader.open(ByteSource.of(file.flip()), Mp4Settings.DEFAULT);

    assertThat(reader.sampleCount()).isEqualTo(written.size());
    assertThat(reader.tracks().getFirst().codecPrivate()).isEqualTo(track.codecPrivate());
    for (Frame frame : written) {
      Frame read = reader.read(Objects.requireNonNull(reader.next()));
      assertThat(read.ptsNanos()).isEqualTo(frame.ptsNanos() - base);
      assertThat(read.keyframe()).isEqualTo(frame.keyframe());
      assertThat(read.data()).isEqualTo(frame.data());
    }
    assertThat(reader.next()).isNull();
  }

  private static String line(Mp4Sample s) {
    return String.format(
        Locale.ROOT,
        "%.4f,%d,%d,%s",
        s.ptsNanos() / 1e9,
        s.sizeBytes(),
        s.offset(),
        s.keyframe() ? "K" : "_");
  }

  private static List<String> packets(Path file, int stream, Recordings recording) {
    // Where offsets are negative ffmpeg moves all times up by one frame; the file itself does not.
    double shift =
        recording == Recordings.H264_AAC_MP4_SIGNED_OFFSETS && stream == 0 ? 1001.0 / 30000 : 0;
    List<String> lines = new ArrayList<>();
    for (String packet : Ffmpeg.packets(file, String.valueOf(stream), "pts_time,size,pos,flags")) {
      String[] fields = packet.split(",");
      lines.add(
          String.format(
              Locale.ROOT,
              "%.4f,%s,%s,%c",
              Double.parseDouble(fields[0]) - shift,
              fields[1],
              fields[2],
              fields[3].charAt(0)));
    }
    return lines;
  }
}
