package io.millrace.datastreams.fanout;

import io.millrace.api.eventstream.EventMessage;
import io.millrace.api.shape.BodyFormat;
import io.millrace.datastreams.read.RecordPage;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.store.shard.Position;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The event that was made last of a shard. Subscriptions that are up to date read the same page one
 * after the other; it is made once for all of them. Thread-safe.
 */
final class LastEvent {
  private final AtomicReference<@Nullable Held> last = new AtomicReference<>();

  private record Held(
      Position first, Position next, long millisBehind, BodyFormat format, EventMessage message) {
    boolean is(Position otherFirst, RecordPage page, BodyFormat otherFormat) {
      return first.equals(otherFirst)
          && next.equals(page.next())
          && millisBehind == page.millisBehind()
          && format == otherFormat;
    }
  }

  /** The message of a page. */
  EventMessage of(OpenStream stream, RecordPage page, BodyFormat format) {
    if (page.records().isEmpty() || page.ended()) {
      return ShardEvent.encode(stream, page, format);
    }
    Position first = page.records().getFirst().head().position();
    Held held = last.get();
    if (held != null && held.is(first, page, format)) {
      return held.message();
    }
    EventMessage message = ShardEvent.encode(stream, page, format);
    last.set(new Held(first, page.next(), page.millisBehind(), format, message));
    return message;
  }
}
