package io.millrace.ingest.putmedia;

import io.millrace.ingest.fragmenter.IngestError;
import io.millrace.ingest.fragmenter.NumberedFragment;
import io.millrace.store.fragment.FragmentNumber;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One acknowledgement: a line of JSON, sent as an HTTP chunk of its own and far below the 1024
 * bytes that producers take at once. The timecode is a number and the fragment number a string;
 * producers insist on both.
 *
 * @param json the line, newline included
 */
record Ack(String json) {
  /** A fragment began, is complete, or is durable. */
  enum Progress {
    BUFFERING,
    RECEIVED,
    PERSISTED
  }

  static final Ack IDLE = new Ack("{\"EventType\":\"IDLE\"}\n");

  /**
   * @param timecode of the Cluster as the producer wrote it, in ticks
   */
  static Ack of(Progress progress, long timecode, FragmentNumber number) {
    return new Ack(
        "{\"EventType\":\"%s\",\"FragmentTimecode\":%d,\"FragmentNumber\":\"%s\"}\n"
            .formatted(progress, timecode, number));
  }

  /**
   * @param fragment the fragment at fault, null when the error is of the whole session
   */
  static Ack error(IngestError error, @Nullable NumberedFragment fragment) {
    String which =
        fragment == null
            ? ""
            : "\"FragmentTimecode\":%d,\"FragmentNumber\":\"%s\","
                .formatted(fragment.timecode(), fragment.number());
    return new Ack(
        "{\"EventType\":\"ERROR\",%s\"ErrorCode\":\"%s\",\"ErrorId\":%d}\n"
            .formatted(which, error.name(), error.id()));
  }

  Buffer bytes() {
    return Buffer.buffer(json);
  }
}
