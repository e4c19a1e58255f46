package io.millrace.media.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.codec.CodecSetup;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.mkv.StoredFragments;
import io.millrace.media.track.Frame;
import io.millrace.media.track.Track;
import io.millrace.tests.fixtures.Ffmpeg;
import io.millrace.tests.fixtures.Recordings;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ffmpeg decodes our init and media segments without complaint to the frames of the source. */
class DecodeTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "KVSSINK_720P_BFRAMES, 1, v:0",
    "KVSSINK_360P_AAC, 1, v:0",
    "KVSSINK_360P_AAC, 2, a:0",
    "KVSSINK_444_10BIT, 1, v:0",
    "PRODUCER_C_RELATIVE, 1, v:0",
    "PRODUCER_C_RELATIVE, 2, a:0",
    "CLUSTERS, 1, v:0",
    "H264_OPEN_GOP, 1, v:0",
    "H264_VARIABLE_RATE, 1, v:0",
    "H264_AAC_LIVE, 1, v:0",
    "H264_AAC_LIVE, 2, a:0",
    "H265_AAC, 1, v:0",
    "H265_AAC, 2, a:0",
    "VP9, 1, v:0",
    "AV1, 1, v:0",
  })
  void segmentsDecodeToTheFramesOfTheSource(Recordings recording, int track, String stream)
      throws Exception {
    List<MkvFragment> fragments = StoredFragments.parsed(recording.bytes());

    Path ours = write(fragments, track);

    List<String> expected = Ffmpeg.frameHashesUnindexed(recording.copyTo(folder), stream);
    assertThat(expected).isNotEmpty();
    assertThat(Ffmpeg.frameHashes(ours, "0")).isEqualTo(expected);
  }

  @Test
  void opusKeepsItsPacketsAndTimes() throws Exception {
    Path source = Recordings.H264_OPUS.copyTo(folder);
    List<MkvFragment> fragments = StoredFragments.parsed(Recordings.H264_OPUS.bytes());

    Path ours = write(fragments, 2);

    List<String> hashes = packetHashes(source, "a:0");
    assertThat(hashes).hasSizeGreaterThan(70);
    assertThat(packetHashes(ours, "a:0")).isEqualTo(hashes);
    assertThat(Ffmpeg.frameHashes(ours, "a:0")).hasSizeBetween(hashes.size() - 1, hashes.size());
    List<Long> times =
        Ffmpeg.packets(ours, "a:0", "pts").stream()
            .map(line -> Long.parseLong(line.replace(",", "")))
            .toList();
    for (int i = 1; i < times.size(); i++) {
      // Matroska rounds to milliseconds, and each fragment begins where Matroska says.
      assertThat(times.get(i) - times.get(i - 1)).as("packet %d", i).isBetween(912L, 1008L);
    }
  }

  private static List<String> packetHashes(Path file, String stream) {
    String out =
        Ffmpeg.run(
            List.of(
                "ffmpeg",
                "-v",
                "error",
                "-i",
                file.toString(),
                "-map",
                "0:" + stream,
                "-c",
                "copy",
                "-f",
                "framemd5",
                "-"));
    return out.lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(",", -1)[5].strip())
        .toList();
  }

  @Test
  void documentsOfGetMediaDecodeToTheFramesOfEach() throws Exception {
    byte[] reply = Recordings.GET_MEDIA_REPLY.bytes();
    List<String> expected = new ArrayList<>();
    for (ByteBuffer payload : StoredFragments.payloads(reply)) {
      Path document = Files.write(folder.resolve("document.mkv"), payload.array());
      expected.addAll(Ffmpeg.frameHashesUnindexed(document, "v:0"));
    }

    Path ours = write(StoredFragments.parsed(reply), 1);

    assertThat(expected).hasSize(300);
    assertThat(Ffmpeg.frameHashes(ours, "0")).isEqualTo(expected);
  }

  private Path write(List<MkvFragment> fragments, int trackNumber) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Track declared = fragments.getFirst().header().track(trackNumber).orElseThrow();
    List<List<Frame>> frames = new ArrayList<>();
    for (MkvFragment fragment : fragments) {
      List<Frame> own =
          fragment.frames().stream().filter(f -> f.trackNumber() == trackNumber).toList();
      if (!own.isEmpty()) {
        frames.add(own);
      }
    }
    CodecSetup setup = CodecSetup.find(declared, frames.getFirst().getFirst().data());
    Track track = declared.withCodecPrivate(setup.codecPrivate());
    add(out, InitSegment.of(track));
    long base = start(frames.getFirst());
    MediaSegment previous = null;
    for (int i = 0; i < frames.size(); i++) {
      OptionalLong last = OptionalLong.empty();
      if (i + 1 < frames.size()) {
        last = OptionalLong.of(Math.max(0, start(frames.get(i + 1)) - latest(frames.get(i))));
      }
      MediaSegment segment =
          MediaSegment.of(track, setup.framing(), frames.get(i), base, last, i + 1);
      if (previous != null && start(frames.get(i)) > latest(frames.get(i - 1))) {
        assertThat(segment.startTicks())
            .as("segment %d joins the one before", i)
            .isEqualTo(previous.startTicks() + previous.durationTicks());
      }
      add(out, segment.toByteBuffer());
      previous = segment;
    }
    return Files.write(folder.resolve("ours.mp4"), out.toByteArray());
  }

  private static long start(List<Frame> frames) {
    return frames.stream().mapToLong(Frame::ptsNanos).min().orElseThrow();
  }

  private static long latest(List<Frame> frames) {
    return frames.stream().mapToLong(Frame::ptsNanos).max().orElseThrow();
  }

  private static void add(ByteArrayOutputStream out, ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    out.writeBytes(copy);
  }
}
