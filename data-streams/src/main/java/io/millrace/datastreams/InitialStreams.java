package io.millrace.datastreams;

import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.ShardMap;
import io.millrace.datastreams.model.StreamOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Streams that are made when the server starts, as {@code name:shards} separated by commas. */
public final class InitialStreams {
  private static final Pattern FORM =
      Pattern.compile("([a-zA-Z0-9_.-]{1,128}):([1-9]\\d{0,4})(?::[a-z0-9-]*)?");

  private InitialStreams() {}

  /**
   * Reads the list; a region after the count, as other servers take it, is ignored.
   *
   * @throws IllegalArgumentException that says which part is wrong
   */
  public static Map<String, Integer> parse(String text) {
    Map<String, Integer> streams = new LinkedHashMap<>();
    for (String part : text.split(",")) {
      if (part.isBlank()) {
        continue;
      }
      Matcher form = FORM.matcher(part.strip());
      if (!form.matches()) {
        throw new IllegalArgumentException(
            "'" + part.strip() + "' is not name:shards with 1 to 99999 shards");
      }
      streams.put(form.group(1), Integer.parseInt(form.group(2)));
    }
    return streams;
  }

  static List<DataStream> of(Map<String, Integer> wanted, long nowMillis) {
    List<DataStream> streams = new ArrayList<>();
    wanted.forEach(
        (name, shards) ->
            streams.add(
                new DataStream(
                    name,
                    nowMillis,
                    StreamOptions.initial(StreamOptions.Mode.PROVISIONED),
                    ShardMap.uniform(shards, nowMillis),
                    Map.of(),
                    Map.of(),
                    Optional.empty(),
                    List.of())));
    return streams;
  }
}
