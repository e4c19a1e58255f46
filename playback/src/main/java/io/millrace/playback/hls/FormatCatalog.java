package io.millrace.playback.hls;

import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.MediaException;
import io.millrace.playback.source.SourceStream;
import io.millrace.store.fragment.FragmentEntry;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The formats met, so that a playlist of fragments of a known format touches no payload. The least
 * recently used are forgotten; another fragment of the format brings them back. Thread-safe.
 */
final class FormatCatalog {
  private record Key(String stream, int formatId) {}

  private final Map<Key, StreamFormat> known;

  FormatCatalog(int limit) {
    known =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, StreamFormat> eldest) {
            return size() > limit;
          }
        };
  }

  /** The format of a fragment; fails with what {@link StreamFormat#of} throws. */
  CompletionStage<StreamFormat> of(SourceStream stream, FragmentEntry entry) {
    Key key = new Key(stream.key(), entry.formatId());
    synchronized (known) {
      StreamFormat format = known.get(key);
      if (format != null) {
        return CompletableFuture.completedFuture(format);
      }
    }
    return stream.log().read(entry).thenApply(payload -> inspect(key, entry, payload));
  }

  private StreamFormat inspect(Key key, FragmentEntry entry, ByteBuffer payload) {
    StreamFormat format = StreamFormat.of(parse(entry, payload));
    synchronized (known) {
      known.put(key, format);
    }
    return format;
  }

  static MkvFragment parse(FragmentEntry entry, ByteBuffer payload) {
    try {
      return MkvFragment.parse(payload);
    } catch (MediaException e) {
      throw new IllegalStateException("stored fragment " + entry.number() + ": " + e, e);
    }
  }
}
