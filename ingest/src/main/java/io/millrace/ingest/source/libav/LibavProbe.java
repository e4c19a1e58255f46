package io.millrace.ingest.source.libav;

import io.millrace.ingest.source.ProbeReport;
import io.millrace.ingest.source.ProbeReport.ProbedTrack;
import io.millrace.ingest.source.SourceUnusable;
import io.millrace.ingest.source.TrackLook;
import io.millrace.ingest.source.worker.WorkerMessages;
import io.millrace.ingest.source.worker.WorkerMessages.FrameRead;
import io.millrace.media.codec.Codec;
import io.millrace.media.track.Track;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Looks at the frames of one worker and stores none. Lives on one event loop. */
final class LibavProbe implements WorkerEvents {
  private static final long LOOK_MILLIS = 100;

  private final Context context;
  private final Duration time;
  private final Promise<ProbeReport> report = Promise.promise();
  private final Map<Integer, TrackLook> looks = new TreeMap<>();
  private final List<String> others = new ArrayList<>();
  private final long beganNanos = System.nanoTime();
  private long openedNanos;
  private boolean opened;

  LibavProbe(Context context, Duration time) {
    this.context = context;
    this.time = time;
  }

  Future<ProbeReport> run(WorkerSession started) {
    long timer = context.owner().setPeriodic(LOOK_MILLIS, id -> look(started));
    return report.future().onComplete(done -> context.owner().cancelTimer(timer));
  }

  private void look(WorkerSession running) {
    long now = System.nanoTime();
    // Starting a process takes longer than looking at media; the peer of a listener may be away.
    long since = opened ? openedNanos : beganNanos;
    long limit = opened ? time.toNanos() : 2 * time.toNanos();
    boolean done = !looks.isEmpty() && looks.values().stream().allMatch(TrackLook::isDone);
    if (done || now - since > limit) {
      running.close(opened ? "the source sent no media" : "nobody sent anything in time");
    }
  }

  @Override
  public void began(List<Track> tracks, List<String> unsupported, long heldNanos) {
    opened = true;
    openedNanos = System.nanoTime();
    others.addAll(unsupported);
    for (Track track : tracks) {
      Codec codec = Codec.of(track);
      String name = codec == Codec.OTHER ? track.codecId() : codec.name();
      looks.put(track.number(), new TrackLook(name, track));
    }
  }

  @Override
  public void frame(FrameRead frame, long arrivalNanos, Runnable taken) {
    TrackLook look = looks.get(frame.track());
    if (look != null) {
      look.frame(
          frame.timeNanos() == WorkerMessages.NO_TIME ? arrivalNanos : frame.timeNanos(),
          frame.keyframe(),
          frame.data());
    }
    taken.run();
  }

  @Override
  public void ended(String reason) {
    if (looks.values().stream().noneMatch(TrackLook::sawAny)) {
      report.tryFail(new SourceUnusable(reason));
      return;
    }
    List<ProbedTrack> all = new ArrayList<>();
    looks.values().forEach(look -> all.add(look.report()));
    others.forEach(other -> all.add(TrackLook.unsupported(other)));
    report.tryComplete(new ProbeReport(all, OptionalLong.empty()));
  }
}
