package io.millrace.server.demo;

import io.millrace.media.bits.NalUnits;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h264.H264Nal;
import io.millrace.media.mkv.ClusterWriter;
import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import io.millrace.media.track.Track.VideoFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A camera that films a {@link TestScene} in real time: 640 by 360 at 25 frames a second, H.264
 * with a keyframe and a Matroska cluster at every full second, AAC beeping at full seconds. The
 * time drawn into each picture is exactly its timestamp.
 */
final class SyntheticCamera implements AutoCloseable {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;
  private static final int FRAMES_PER_SECOND = 25;
  private static final int FRAME_MILLIS = 1000 / FRAMES_PER_SECOND;
  private static final int VIDEO_BITS_PER_SECOND = 900_000;
  private static final int AUDIO_BITS_PER_SECOND = 64_000;
  private static final int VIDEO = 1;
  private static final int AUDIO = 2;
  private static final long MILLI = 1_000_000;

  /** A late machine drops pictures, as a camera would, rather than fall behind the clock. */
  private static final int LATE_MILLIS = 200;

  /** The sound encoder lags by two frames; a second is closed when its sound is complete. */
  private static final int SOUND_LAG_MILLIS = 120;

  private record Sample(int track, EncodedUnit unit) {}

  private final TestScene scene;
  private final double toneHz;
  private final List<Sample> pending = new ArrayList<>();

  SyntheticCamera(String label, int hue, double toneHz) {
    this.scene = new TestScene(label, hue, WIDTH, HEIGHT);
    this.toneHz = toneHz;
  }

  /** Films into an upload until it fails. */
  void send(PutMediaUpload upload) throws IOException, InterruptedException {
    pending.clear();
    long startMillis = System.currentTimeMillis() / 1000 * 1000 + 1000;
    try (H264Encoder video =
            new H264Encoder(WIDTH, HEIGHT, FRAMES_PER_SECOND, VIDEO_BITS_PER_SECOND);
        AacEncoder audio = new AacEncoder(startMillis, toneHz, AUDIO_BITS_PER_SECOND)) {
      upload.send(MkvMuxer.header(tracks(video, audio), MILLI, "Millrace synthetic camera"));
      film(upload, video, audio, startMillis);
    }
  }

  private void film(PutMediaUpload upload, H264Encoder video, AacEncoder audio, long startMillis)
      throws IOException, InterruptedException {
    long openSecond = startMillis / 1000;
    long lastKeySecond = -1;
    for (long pts = startMillis; ; pts += FRAME_MILLIS) {
      long lateMillis = awaitTime(pts);
      if (lateMillis > LATE_MILLIS) {
        continue;
      }
      scene.render(pts);
      long second = pts / 1000;
      pending.add(new Sample(VIDEO, video.encode(scene, pts, second != lastKeySecond)));
      lastKeySecond = second;
      audio.encodeUntil(pts).forEach(unit -> pending.add(new Sample(AUDIO, unit)));
      if (pts - (openSecond + 1) * 1000 >= SOUND_LAG_MILLIS) {
        sendSecond(upload, openSecond);
        openSecond = second;
      }
    }
  }

  /** Waits for a time; returns how many milliseconds it has passed already. */
  private static long awaitTime(long epochMillis) throws InterruptedException {
    long ahead = epochMillis - System.currentTimeMillis();
    if (ahead > 0) {
      Thread.sleep(ahead);
    }
    return Math.max(0, -ahead);
  }

  private void sendSecond(PutMediaUpload upload, long second) throws IOException {
    List<Sample> samples =
        pending.stream()
            .filter(sample -> sample.unit.ptsMillis() < (second + 1) * 1000)
            .sorted(Comparator.comparingLong(sample -> sample.unit.ptsMillis()))
            .toList();
    pending.removeAll(samples);
    long firstMillis = samples.getFirst().unit.ptsMillis();
    ClusterWriter cluster = new ClusterWriter(firstMillis * MILLI, MILLI, 160 << 10);
    for (Sample sample : samples) {
      EncodedUnit unit = sample.unit;
      ByteBuffer data =
          sample.track == VIDEO
              ? NalUnits.joinLengthPrefixed(NalUnits.splitAnnexB(unit.data()))
              : unit.data();
      cluster.add(sample.track, unit.ptsMillis() * MILLI, unit.keyframe(), data);
    }
    upload.send(cluster.finish());
  }

  private static List<Track> tracks(H264Encoder video, AacEncoder audio) throws IOException {
    List<ByteBuffer> units = NalUnits.splitAnnexB(ByteBuffer.wrap(video.parameterSets()));
    CodecPrivateData avc;
    try {
      avc = AvcConfig.of(ofType(units, H264Nal.SPS), ofType(units, H264Nal.PPS)).build();
    } catch (MalformedMedia e) {
      throw new IOException(e);
    }
    return List.of(
        new Track(
            VIDEO,
            VIDEO,
            TrackType.VIDEO,
            "video",
            "V_MPEG4/ISO/AVC",
            avc,
            FRAME_MILLIS * MILLI,
            Optional.of(new VideoFormat(WIDTH, HEIGHT)),
            Optional.empty()),
        new Track(
            AUDIO,
            AUDIO,
            TrackType.AUDIO,
            "audio",
            "A_AAC",
            CodecPrivateData.copyOf(audio.audioSpecificConfig()),
            0,
            Optional.empty(),
            Optional.of(new AudioFormat(AacEncoder.SAMPLING_HZ, 1, 0))));
  }

  private static List<ByteBuffer> ofType(List<ByteBuffer> units, int type) {
    return units.stream().filter(unit -> H264Nal.type(unit) == type).toList();
  }

  @Override
  public void close() {
    pending.clear();
  }
}
