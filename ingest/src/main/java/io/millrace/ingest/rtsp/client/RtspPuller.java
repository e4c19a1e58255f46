package io.millrace.ingest.rtsp.client;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.feed.FeedListener;
import io.millrace.ingest.feed.Feeds;
import io.millrace.ingest.rtsp.datagram.DatagramPorts;
import io.millrace.ingest.source.ProbeReport;
import io.millrace.ingest.source.Puller;
import io.millrace.ingest.source.Source;
import io.millrace.ingest.source.SourceUnusable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Pulls sources of {@code rtsp} and {@code rtsps}. */
public final class RtspPuller implements Puller {
  private static final long LOOK_MILLIS = 100;

  private final Feeds feeds;
  private final RtspClientSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final DatagramPorts datagrams;

  /**
   * @param clock server time
   * @param random makes nonces, ports and sources of reports
   * @param datagrams opens the ports of UDP; stays the caller's
   */
  public RtspPuller(
      Feeds feeds,
      RtspClientSettings settings,
      InstantSource clock,
      RandomGenerator random,
      DatagramPorts datagrams) {
    this.feeds = feeds;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.datagrams = datagrams;
  }

  @Override
  public boolean pulls(String scheme) {
    return scheme.equals("rtsp") || scheme.equals("rtsps");
  }

  @Override
  public Pull pull(Context context, Source source) {
    return new RtspPull(context, source);
  }

  private final class RtspPull implements Pull, FeedListener {
    private final Promise<String> ended = Promise.promise();
    private final FeedSink sink;
    private final PlaySession session;
    private @Nullable String closedBecause;

    RtspPull(Context context, Source source) {
      sink = new FeedSink(context, feeds, source, this);
      session = new PlaySession(context, source, settings, clock, random, datagrams, sink);
      session
          .ended()
          .onSuccess(reason -> ended.complete(closedBecause == null ? reason : closedBecause));
      session.start();
    }

    @Override
    public Future<String> ended() {
      return ended.future();
    }

    @Override
    public long frames() {
      return sink.frames();
    }

    @Override
    public void close(Feed.End why) {
      session.close(why);
    }

    @Override
    public void ready() {
      session.ready();
    }

    @Override
    public void closed(String reason) {
      closedBecause = reason;
      session.close(Feed.End.SERVER_ENDED);
    }
  }

  @Override
  public Future<ProbeReport> probe(Context context, Source source) {
    ProbeSink sink = new ProbeSink();
    PlaySession session =
        new PlaySession(context, source, settings, clock, random, datagrams, sink);
    Vertx vertx = context.owner();
    long beganNanos = System.nanoTime();
    long timer =
        vertx.setPeriodic(
            LOOK_MILLIS,
            id -> {
              boolean over = System.nanoTime() - beganNanos > settings.probeTime().toNanos();
              if (over || (sink.isDone() && session.clockOffsetNanos().isPresent())) {
                session.close(Feed.End.SOURCE_ENDED);
              }
            });
    Future<String> ended = session.ended();
    session.start();
    return ended
        .onComplete(done -> vertx.cancelTimer(timer))
        .compose(
            reason -> {
              if (!sink.sawAny()) {
                return Future.failedFuture(
                    new SourceUnusable(
                        reason.equals("closed") ? "the camera sent no media" : reason));
              }
              OptionalLong offset = session.clockOffsetNanos();
              return Future.succeededFuture(
                  new ProbeReport(
                      sink.report(),
                      offset.isPresent()
                          ? OptionalLong.of(offset.getAsLong() / 1_000_000)
                          : OptionalLong.empty()));
            });
  }
}
