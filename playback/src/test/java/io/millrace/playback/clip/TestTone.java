package io.millrace.playback.clip;

import io.millrace.media.codec.Codec;
import io.millrace.media.track.Frame;
import io.millrace.media.track.Track;
import java.util.ArrayList;
import java.util.List;

/** A tone as cameras and browsers code it. */
public final class TestTone {
  public static final int HERTZ = 440;

  private TestTone() {}

  /**
   * A sine in some codec, as its file has it.
   *
   * @param codec name of ffmpeg's encoder
   */
  public static Clip of(String codec, int samplingHz, int channels, double seconds) {
    Clip file =
        Clip.ofFile(
            FfmpegTool.run(
                    "ffmpeg",
                    out -> {},
                    "-v",
                    "error",
                    "-f",
                    "lavfi",
                    "-i",
                    "sine=%d:sample_rate=%d:duration=%s".formatted(HERTZ, samplingHz, seconds),
                    "-af",
                    "volume=4,asetnsamples=" + samplingHz / 50,
                    "-ac",
                    Integer.toString(channels),
                    "-c:a",
                    codec,
                    "-f",
                    "matroska",
                    "-")
                .output());
    Track track = file.tracks().getFirst();
    if (!track.codecId().equals(Codec.OPUS_ID)) {
      return new Clip(List.of(track), file.frames());
    }
    // ffmpeg rounds its delay of 6.5 ms and each time, which makes 1 ms; frames are 20 ms long.
    List<Frame> exact = new ArrayList<>();
    for (Frame frame : file.frames()) {
      exact.add(new Frame(1, exact.size() * 20_000_000L, 0, exact.isEmpty(), frame.data()));
    }
    return new Clip(List.of(track), exact);
  }
}
