package io.millrace.ingest.source;

import io.millrace.ingest.feed.Feed;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Cameras that connect as told; every connection is kept. */
public final class ScriptedPuller implements Puller {
  public final List<Scripted> pulls = new CopyOnWriteArrayList<>();

  /** One of them. */
  public final class Scripted implements Pull {
    public final Source source;
    public final Promise<String> ended = Promise.promise();
    public final AtomicLong frames = new AtomicLong();
    public final long atNanos = System.nanoTime();

    Scripted(Source source) {
      this.source = source;
    }

    @Override
    public Future<String> ended() {
      return ended.future();
    }

    @Override
    public long frames() {
      return frames.get();
    }

    @Override
    public void close(Feed.End why) {
      ended.tryComplete("closed");
    }
  }

  @Override
  public boolean pulls(String scheme) {
    return scheme.equals("rtsp");
  }

  @Override
  public Pull pull(Context context, Source source) {
    Scripted pull = new Scripted(source);
    pulls.add(pull);
    return pull;
  }

  @Override
  public Future<ProbeReport> probe(Context context, Source source) {
    return source.url().contains("good")
        ? Future.succeededFuture(
            new ProbeReport(
                List.of(
                    new ProbeReport.ProbedTrack(
                        "video",
                        "H264",
                        true,
                        640,
                        360,
                        OptionalDouble.of(25),
                        OptionalDouble.of(2),
                        0,
                        0)),
                OptionalLong.of(-120)))
        : Future.failedFuture(new SourceUnusable("the camera answered 401"));
  }
}
