package io.millrace.ingest.webrtc.negotiation;

import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.webrtc.negotiation.SessionText.Section;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A media section of the other side's description.
 *
 * @param text as it came
 * @param usable whether it can be answered with anything but a refusal
 * @param mid identification of the section, empty where it has none
 * @param sends whether the other side wants to send
 * @param receives whether the other side wants to receive
 * @param formats in the order of preference, retransmission left out
 * @param extensions header extensions that we know, with their numbers
 * @param sources synchronization sources it announces
 */
record RemoteMedia(
    Section text,
    boolean usable,
    String mid,
    boolean sends,
    boolean receives,
    List<RemoteFormat> formats,
    Map<HeaderExtension, Integer> extensions,
    List<Integer> sources) {
  private static final int MAX_SOURCES = 64;

  static RemoteMedia of(Section text) {
    boolean sends = !text.has("recvonly") && !text.has("inactive");
    boolean receives = !text.has("sendonly") && !text.has("inactive");
    boolean rtp = text.protocol().matches("(UDP|TCP)/TLS/RTP/SAVPF?");
    boolean open = text.port() != 0 || text.has("bundle-only");
    return new RemoteMedia(
        text,
        rtp && open && text.has("rtcp-mux"),
        text.value("mid").orElse(""),
        sends,
        receives,
        rtp ? formats(text) : List.of(),
        extensions(text),
        sources(text));
  }

  private static List<RemoteFormat> formats(Section text) {
    Map<Integer, String> parameters = numbered(text, "fmtp");
    Map<Integer, RtpFormat> known = new LinkedHashMap<>();
    Map<Integer, String> maps = numbered(text, "rtpmap");
    for (String word : text.formats()) {
      int type = payloadType(word);
      RtpFormat format =
          format(text.kind(), type, maps.getOrDefault(type, ""), parameters.getOrDefault(type, ""));
      if (format != null) {
        known.put(type, format);
      }
    }
    Map<Integer, Integer> retransmissions = new HashMap<>();
    for (RtpFormat format : known.values()) {
      String original = format.parameters().getOrDefault("apt", "");
      if (format.encoding().equals("RTX") && original.matches("[0-9]{1,3}")) {
        retransmissions.put(Integer.parseInt(original), format.payloadType());
      }
    }
    List<RemoteFormat> formats = new ArrayList<>();
    for (RtpFormat format : known.values()) {
      if (!format.encoding().equals("RTX")) {
        int type = format.payloadType();
        formats.add(
            new RemoteFormat(
                format,
                parameters.getOrDefault(type, ""),
                feedback(text, type),
                retransmissions.containsKey(type)
                    ? OptionalInt.of(retransmissions.get(type))
                    : OptionalInt.empty()));
      }
    }
    return formats;
  }

  private static int payloadType(String word) {
    if (!word.matches("[0-9]{1,3}") || Integer.parseInt(word) > 127) {
      throw new DescriptionRefused("No payload type: " + word);
    }
    return Integer.parseInt(word);
  }

  private static Map<Integer, String> numbered(Section text, String attribute) {
    Map<Integer, String> values = new HashMap<>();
    text.values(attribute)
        .forEach(
            value -> {
              int space = value.indexOf(' ');
              if (space > 0 && value.substring(0, space).matches("[0-9]{1,3}")) {
                values.put(
                    Integer.valueOf(value.substring(0, space)), value.substring(space + 1).strip());
              }
            });
    return values;
  }

  private static @Nullable RtpFormat format(String kind, int type, String map, String parameters) {
    String described = map;
    if (map.isEmpty()) {
      described =
          switch (type) {
            case 0 -> "PCMU/8000";
            case 8 -> "PCMA/8000";
            default -> "";
          };
    }
    String[] parts = described.split("/");
    if (parts.length < 2 || !parts[1].matches("[1-9][0-9]{0,8}")) {
      return null;
    }
    int channels = kind.equals("audio") ? 1 : 0;
    if (parts.length > 2 && parts[2].matches("[1-9][0-9]?")) {
      channels = Integer.parseInt(parts[2]);
    }
    return new RtpFormat(
        type,
        parts[0].toUpperCase(Locale.ROOT),
        Integer.parseInt(parts[1]),
        channels,
        parameters(parameters));
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> parameters = new HashMap<>();
    for (String each : text.split(";")) {
      int equals = each.indexOf('=');
      if (equals > 0) {
        parameters.putIfAbsent(
            each.substring(0, equals).strip().toLowerCase(Locale.ROOT),
            each.substring(equals + 1).strip());
      }
    }
    return parameters;
  }

  private static Set<String> feedback(Section text, int type) {
    return text.values("rtcp-fb")
        .flatMap(
            value ->
                value.startsWith(type + " ") || value.startsWith("* ")
                    ? Stream.of(value.substring(value.indexOf(' ') + 1).strip())
                    : Stream.empty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Map<HeaderExtension, Integer> extensions(Section text) {
    Map<HeaderExtension, Integer> found = new EnumMap<>(HeaderExtension.class);
    text.values("extmap")
        .forEach(
            value -> {
              String[] words = value.split(" +");
              String number = words[0].replaceFirst("/.*", "");
              if (words.length >= 2 && number.matches("[1-9]|1[0-4]")) {
                HeaderExtension.of(words[1])
                    .ifPresent(each -> found.putIfAbsent(each, Integer.valueOf(number)));
              }
            });
    return found;
  }

  private static List<Integer> sources(Section text) {
    return text.values("ssrc")
        .map(value -> value.replaceFirst(" .*", ""))
        .filter(value -> value.matches("[0-9]{1,10}"))
        .map(value -> (int) Long.parseLong(value))
        .distinct()
        .limit(MAX_SOURCES)
        .toList();
  }
}
