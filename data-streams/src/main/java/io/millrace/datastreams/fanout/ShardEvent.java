package io.millrace.datastreams.fanout;

import io.millrace.api.eventstream.EventMessage;
import io.millrace.api.shape.BodyFormat;
import io.millrace.api.shape.OpenShape;
import io.millrace.datastreams.read.RecordPage;
import io.millrace.datastreams.read.RecordShapes;
import io.millrace.datastreams.stream.OpenStream;
import java.util.Map;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;

/** Pages of records as events of a subscription. */
final class ShardEvent {
  /** Type of the event in its message. */
  private static final String TYPE = "SubscribeToShardEvent";

  private ShardEvent() {}

  /** The message, which several subscriptions of one format may send. */
  static EventMessage encode(OpenStream stream, RecordPage page, BodyFormat format) {
    SubscribeToShardEvent.Builder event =
        SubscribeToShardEvent.builder().millisBehindLatest(page.millisBehind());
    if (page.ended()) {
      event.childShards(RecordShapes.children(stream, page));
    } else {
      event.continuationSequenceNumber(page.continuation());
    }
    return EventMessage.event(
        TYPE, format, new OpenShape(event.build(), Map.of("Records", RecordShapes.records(page))));
  }
}
