package io.millrace.playback.getmedia;

import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.mkv.SimpleTag;
import io.millrace.media.track.MediaException;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentNumber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One Matroska document of a reply: the producer's header part and tags, the identity of the
 * fragment as tags, the producer's Cluster, and where asked the progress as tags. The layout is
 * that of recorded replies of the service.
 */
final class MediaDocument {
  private static final String PREFIX = "AWS_KINESISVIDEO_";
  private static final long SCALE_NANOS = 1_000_000;

  private static final int FRAGMENT_NOT_FOUND = 4000;
  private static final int INTERNAL_ERROR = 5000;

  private MediaDocument() {}

  /**
   * The parts in order, views into the payload where they are the producer's.
   *
   * @param payload as stored, borrowed
   * @throws IllegalStateException if the stored bytes are not a fragment
   */
  static List<ByteBuffer> of(FragmentEntry entry, ByteBuffer payload) {
    int clusterStart = clusterStart(entry, payload);
    List<ByteBuffer> parts = new ArrayList<>(4);
    parts.add(payload.slice(payload.position(), clusterStart));
    parts.add(identity(entry.number(), entry.producerTimeNanos()));
    parts.add(payload.slice(payload.position() + clusterStart, payload.remaining() - clusterStart));
    return parts;
  }

  /** What stands before a Cluster and says which fragment it is. */
  static ByteBuffer identity(FragmentNumber number, long producerTimeNanos) {
    return MkvMuxer.tags(
        List.of(
            tag("FRAGMENT_NUMBER", number.toString()),
            tag("SERVER_TIMESTAMP", seconds(number.serverTimeMillis())),
            tag("PRODUCER_TIMESTAMP", seconds(Math.floorDiv(producerTimeNanos, SCALE_NANOS)))));
  }

  private static int clusterStart(FragmentEntry entry, ByteBuffer payload) {
    try {
      return MkvFragment.parse(payload).clusterStart();
    } catch (MediaException e) {
      throw new IllegalStateException("stored fragment " + entry.number() + ": " + e, e);
    }
  }

  /** What follows a Cluster in GetMedia; the token is the fragment number, as in recordings. */
  static ByteBuffer progress(FragmentNumber number, long nowMillis) {
    long behind = Math.max(0, nowMillis - number.serverTimeMillis());
    return MkvMuxer.tags(
        List.of(
            tag("MILLIS_BEHIND_NOW", Long.toString(behind)),
            tag("CONTINUATION_TOKEN", number.toString())));
  }

  static List<ByteBuffer> missing(String number) {
    return error(
        number,
        FRAGMENT_NOT_FOUND,
        "FRAGMENT_NOT_FOUND",
        "The stream has no such fragment, or retention dropped it");
  }

  static List<ByteBuffer> unreadable(String number) {
    return error(number, INTERNAL_ERROR, "INTERNAL_ERROR", "The fragment cannot be read");
  }

  /** A document that tells of an error, in both families of tag names that clients know. */
  private static List<ByteBuffer> error(String number, int errorId, String code, String message) {
    return List.of(
        MkvMuxer.header(List.of(), SCALE_NANOS, "Millrace"),
        MkvMuxer.tags(
            List.of(
                tag("FRAGMENT_NUMBER", number),
                tag("ERROR_ID", Integer.toString(errorId)),
                tag("ERROR_CODE", code),
                tag("EXCEPTION_ERROR_CODE", Integer.toString(errorId)),
                tag("EXCEPTION_MESSAGE", message))));
  }

  private static SimpleTag tag(String name, String value) {
    return new SimpleTag(PREFIX + name, value);
  }

  private static String seconds(long millis) {
    return String.format(
        Locale.ROOT, "%d.%03d", Math.floorDiv(millis, 1000L), Math.floorMod(millis, 1000L));
  }
}
