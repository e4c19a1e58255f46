package io.millrace.playback.getmedia;

import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.LiveFragment;
import io.millrace.store.fragment.LiveFragments;
import io.millrace.store.fragment.LiveSubscription;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest end of a stream as one reply sees it: fragments that still grow, sent as they come.
 * Belongs to the reply's event loop.
 */
final class LiveEdge implements AutoCloseable {
  /** What became of a fragment that was followed. */
  enum Outcome {
    /** It was sent whole, or the client left. */
    SENT,
    /** It was given up before any byte of it was sent. */
    NOTHING,
    /** It was given up after a part of it was sent: the reply cannot go on. */
    TORN
  }

  private final LiveFragments fragments;
  private final LiveSubscription subscription;
  private final Context context;
  private final ReplyStream out;
  private final InstantSource clock;
  private final GetMediaCounters counters;
  private @Nullable Promise<Void> waiting;

  LiveEdge(
      LiveFragments fragments,
      Context context,
      ReplyStream out,
      InstantSource clock,
      GetMediaCounters counters) {
    this.fragments = fragments;
    this.context = context;
    this.out = out;
    this.clock = clock;
    this.counters = counters;
    subscription = fragments.subscribe(() -> context.runOnContext(changed -> wake()));
  }

  private void wake() {
    Promise<Void> waited = waiting;
    waiting = null;
    if (waited != null) {
      waited.complete();
    }
  }

  /**
   * The first fragment behind a number that is not durable yet. When there is none, {@link
   * #changed} waits for one.
   */
  @Nullable LiveFragment next(@Nullable FragmentNumber number) {
    subscription.arm();
    return fragments.next(number);
  }

  /** Completes at the first change since what was looked at last. */
  Future<Void> changed() {
    Promise<Void> change = Promise.promise();
    waiting = change;
    return change.future();
  }

  /** Sends a fragment as it comes, and its tags; completes at its end. */
  Future<Outcome> send(LiveFragment fragment) {
    Promise<Outcome> done = Promise.promise();
    new Sending(fragment, done).step();
    return done.future();
  }

  @Override
  public void close() {
    subscription.close();
  }

  private final class Sending {
    private final LiveFragment fragment;
    private final Promise<Outcome> done;
    private boolean begun;
    private int sentBytes;

    Sending(LiveFragment fragment, Promise<Outcome> done) {
      this.fragment = fragment;
      this.done = done;
    }

    private void step() {
      if (out.closed()) {
        done.complete(Outcome.SENT);
        return;
      }
      subscription.arm();
      LiveFragment.View view = fragment.view();
      if (view.cluster().remaining() > sentBytes) {
        then(more(view));
        return;
      }
      switch (view.state()) {
        case GROWING -> then(changed());
        case ABORTED -> done.complete(begun ? Outcome.TORN : Outcome.NOTHING);
        case COMPLETE -> {
          counters.fragments.increment();
          ByteBuffer progress = MediaDocument.progress(fragment.number(), clock.millis());
          out.write(List.of(view.lateTags(), progress))
              .onSuccess(sent -> done.complete(Outcome.SENT))
              .onFailure(done::fail);
        }
      }
    }

    /** Each step starts afresh, so that a fragment of many pieces does not pile up. */
    private void then(Future<Void> before) {
      before.onSuccess(go -> context.runOnContext(next -> step())).onFailure(done::fail);
    }

    private Future<Void> more(LiveFragment.View view) {
      ByteBuffer fresh = view.cluster().slice(sentBytes, view.cluster().remaining() - sentBytes);
      sentBytes += fresh.remaining();
      if (begun) {
        return out.write(List.of(fresh));
      }
      begun = true;
      counters.liveFragments.increment();
      ByteBuffer identity = MediaDocument.identity(fragment.number(), fragment.producerTimeNanos());
      return out.write(List.of(view.head(), identity, fresh));
    }
  }
}
