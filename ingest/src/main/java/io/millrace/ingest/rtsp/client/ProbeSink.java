package io.millrace.ingest.rtsp.client;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.rtp.receive.ReceiverListener;
import io.millrace.ingest.source.ProbeReport.ProbedTrack;
import io.millrace.media.codec.InBandSetup;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Looks at the frames of a played session and stores none. */
final class ProbeSink implements PlaySink {
  private final List<Look> looks = new ArrayList<>();
  private final List<String> others = new ArrayList<>();

  /** What was seen of one track. */
  private static final class Look implements ReceiverListener {
    private final RtpFormat format;
    private Track track;
    private long frames;
    private long firstNanos;
    private long lastNanos;
    private long keyframes;
    private long firstKeyNanos;
    private long lastKeyNanos;

    Look(int number, RtpFormat format) {
      this.format = format;
      track = PayloadFormats.track(number, format);
      try {
        track = InBandSetup.withPicture(track);
      } catch (MediaException e) {
        // The frames will tell.
      }
    }

    @Override
    public void frame(AccessUnit unit, CaptureTime time) {
      long now = time.epochNanos();
      firstNanos = frames == 0 ? now : Math.min(firstNanos, now);
      lastNanos = frames == 0 ? now : Math.max(lastNanos, now);
      frames++;
      if (!unit.keyframe() || format.channels() > 0) {
        return;
      }
      firstKeyNanos = keyframes == 0 ? now : firstKeyNanos;
      lastKeyNanos = now;
      keyframes++;
      try {
        track = InBandSetup.apply(track, unit.data());
      } catch (MediaException e) {
        // Another keyframe may be whole.
      }
    }

    @Override
    public void lost(long fromNanos, long toNanos, int packets, String reason) {}

    @Override
    public void keyframeWanted() {}

    ProbedTrack report() {
      boolean video = format.channels() == 0;
      AudioFormat sound = track.audio().orElse(new AudioFormat(0, 0, 0));
      return new ProbedTrack(
          video ? "video" : "audio",
          format.encoding(),
          true,
          track.video().map(Track.VideoFormat::width).orElse(0),
          track.video().map(Track.VideoFormat::height).orElse(0),
          video ? rate(frames, lastNanos - firstNanos) : OptionalDouble.empty(),
          keyframes > 1
              ? OptionalDouble.of(rounded((lastKeyNanos - firstKeyNanos) / 1e9 / (keyframes - 1)))
              : OptionalDouble.empty(),
          (int) sound.samplingHz(),
          sound.channels());
    }

    private static OptionalDouble rate(long frames, long spanNanos) {
      return frames > 1 && spanNanos > 0
          ? OptionalDouble.of(rounded((frames - 1) / (spanNanos / 1e9)))
          : OptionalDouble.empty();
    }

    private static double rounded(double value) {
      return Math.round(value * 100) / 100.0;
    }
  }

  @Override
  public Future<Void> began(List<RtpFormat> formats, List<String> unsupported) {
    others.addAll(unsupported);
    return Future.succeededFuture();
  }

  @Override
  public ReceiverListener receiver(int trackNumber, RtpFormat format) {
    Look look = new Look(trackNumber, format);
    looks.add(look);
    return look;
  }

  @Override
  public boolean isBehind() {
    return false;
  }

  @Override
  public void ended(Feed.End why) {}

  /** Whether enough was seen: two keyframes of each picture track, some frames of each other. */
  boolean isDone() {
    return !looks.isEmpty()
        && looks.stream()
            .allMatch(look -> look.format.channels() == 0 ? look.keyframes > 1 : look.frames > 5);
  }

  boolean sawAny() {
    return looks.stream().anyMatch(look -> look.frames > 0);
  }

  List<ProbedTrack> report() {
    List<ProbedTrack> all = new ArrayList<>();
    looks.forEach(look -> all.add(look.report()));
    for (String other : others) {
      all.add(
          new ProbedTrack(
              "other", other, false, 0, 0, OptionalDouble.empty(), OptionalDouble.empty(), 0, 0));
    }
    return all;
  }
}
