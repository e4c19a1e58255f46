package io.millrace.ingest.upload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.ingest.fragmenter.Fragment;
import io.millrace.ingest.fragmenter.NumberedFragment;
import io.millrace.media.track.Track;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an upload brought, for its answer. */
final class UploadSummary {
  private static final JsonFactory FACTORY = new JsonFactory();

  private record Gap(long fromNanos, long toNanos) {}

  private static final class TrackCount {
    private final Track track;
    private long frames;

    private TrackCount(Track track) {
      this.track = track;
    }
  }

  private final String streamName;
  private final boolean created;
  private final long gapToleranceNanos;
  private final int maxListedGaps;
  private final Map<Integer, TrackCount> tracks = new TreeMap<>();
  private final List<Gap> gaps = new ArrayList<>();
  private long gapCount;
  private long fragments;
  private long bytes;
  private long withoutKeyframe;
  private long firstNanos = Long.MAX_VALUE;
  private long endNanos = Long.MIN_VALUE;
  private @Nullable NumberedFragment first;
  private @Nullable NumberedFragment last;

  UploadSummary(String streamName, boolean created, UploadSettings settings) {
    this.streamName = streamName;
    this.created = created;
    gapToleranceNanos = settings.gapTolerance().toNanos();
    maxListedGaps = settings.maxListedGaps();
  }

  void declare(List<Track> declared) {
    for (Track track : declared) {
      tracks.putIfAbsent(track.number(), new TrackCount(track));
    }
  }

  void frame(int trackNumber) {
    TrackCount count = tracks.get(trackNumber);
    if (count != null) {
      count.frames++;
    }
  }

  void fragment(NumberedFragment number, Fragment fragment) {
    fragments++;
    bytes += fragment.payload().remaining();
    if (fragment.traits().hasVideo() && !fragment.traits().startsWithKeyframe()) {
      withoutKeyframe++;
    }
    if (first == null) {
      first = number;
    }
    last = number;
    long start = fragment.timecodeNanos();
    if (endNanos != Long.MIN_VALUE && start - endNanos > gapToleranceNanos) {
      gapCount++;
      if (gaps.size() < maxListedGaps) {
        gaps.add(new Gap(endNanos, start));
      }
    }
    firstNanos = Math.min(firstNanos, start);
    endNanos = Math.max(endNanos, start + fragment.durationNanos());
  }

  long fragments() {
    return fragments;
  }

  /** End of the last fragment so far, {@link Long#MIN_VALUE} where there is none. */
  long endNanos() {
    return endNanos;
  }

  Buffer toJson() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("stream", streamName);
      json.writeBooleanField("created", created);
      json.writeNumberField("fragments", fragments);
      json.writeNumberField("bytes", bytes);
      NumberedFragment oldest = first;
      NumberedFragment newest = last;
      if (oldest != null && newest != null) {
        json.writeStringField("firstFragmentNumber", oldest.number().toString());
        json.writeStringField("lastFragmentNumber", newest.number().toString());
        json.writeStringField("start", time(firstNanos));
        json.writeStringField("end", time(endNanos));
      }
      json.writeNumberField("fragmentsWithoutKeyframe", withoutKeyframe);
      writeTracks(json);
      writeGaps(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(out.toByteArray());
  }

  private void writeTracks(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("tracks");
    for (TrackCount count : tracks.values()) {
      json.writeStartObject();
      json.writeNumberField("number", count.track.number());
      json.writeStringField("type", count.track.type().name().toLowerCase(Locale.ROOT));
      json.writeStringField("codec", count.track.codecId());
      json.writeNumberField("frames", count.frames);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeGaps(JsonGenerator json) throws IOException {
    json.writeNumberField("gapCount", gapCount);
    json.writeArrayFieldStart("gaps");
    for (Gap gap : gaps) {
      json.writeStartObject();
      json.writeStringField("from", time(gap.fromNanos()));
      json.writeStringField("to", time(gap.toNanos()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String time(long nanos) {
    return Instant.ofEpochSecond(
            Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L))
        .toString();
  }
}
