package io.millrace.media.mkv;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.track.Frame;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import io.millrace.tests.fixtures.Ffmpeg;
import io.millrace.tests.fixtures.Recordings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our frames are the packets of ffprobe: time in milliseconds, size, key flag, in file order. */
class FramesOfFfprobeTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      names = {
        "KVSSINK_720P_BFRAMES",
        "KVSSINK_360P_AAC",
        "PRODUCER_C_RELATIVE",
        "H264_OPEN_GOP",
        "H264_VARIABLE_RATE",
        "H264_AAC_LIVE",
        "H265_AAC",
        "G711_ALAW"
      })
  void framesAreThoseOfFfprobe(Recordings recording) throws Exception {
    List<String> ours = new ArrayList<>();
    for (MkvFragment fragment : StoredFragments.parsed(recording.bytes())) {
      for (Frame frame : fragment.frames()) {
        // Producers leave the key flag of audio blocks unset; ffprobe shows it all the same.
        Track track = fragment.header().track(frame.trackNumber()).orElseThrow();
        boolean audio = track.type() == TrackType.AUDIO;
        ours.add(
            "%d,%d,%d,%s"
                .formatted(
                    frame.trackNumber() - 1,
                    frame.ptsNanos() / 1_000_000,
                    frame.data().remaining(),
                    frame.keyframe() || audio ? "K" : "_"));
      }
    }

    List<String> theirs =
        Ffmpeg.packets(recording.copyTo(folder), "stream_index,pts,size,flags").stream()
            .map(line -> line.replaceFirst("([K_]).*", "$1"))
            .toList();

    assertThat(ours).isNotEmpty().isEqualTo(theirs);
  }
}
