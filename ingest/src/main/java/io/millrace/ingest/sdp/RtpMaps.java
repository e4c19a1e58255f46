package io.millrace.ingest.sdp;

import io.millrace.ingest.rtp.payload.RtpFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code rtpmap} and {@code fmtp} lines, and the payload types that need none (RFC 3551). */
final class RtpMaps {
  private static final Pattern PAYLOAD_TYPE = Pattern.compile("[0-9]{1,3}");
  private static final Pattern CLOCK_RATE = Pattern.compile("[1-9][0-9]{0,8}");
  private static final Pattern CHANNELS = Pattern.compile("[1-9][0-9]?");
  private static final int MAX_PAYLOAD_TYPE = 127;

  private static final Map<Integer, String> STATIC =
      Map.of(
          0, "PCMU/8000",
          3, "GSM/8000",
          8, "PCMA/8000",
          9, "G722/8000",
          10, "L16/44100/2",
          11, "L16/44100",
          14, "MPA/90000",
          26, "JPEG/90000",
          32, "MPV/90000",
          33, "MP2T/90000");

  private RtpMaps() {}

  static List<RtpFormat> read(MediaDescription media) {
    Map<Integer, String> maps = numbered(media, "rtpmap");
    Map<Integer, String> parameters = numbered(media, "fmtp");
    List<RtpFormat> formats = new ArrayList<>();
    for (String word : new LinkedHashSet<>(media.formats())) {
      if (!PAYLOAD_TYPE.matcher(word).matches() || Integer.parseInt(word) > MAX_PAYLOAD_TYPE) {
        continue;
      }
      int type = Integer.parseInt(word);
      String map = maps.getOrDefault(type, STATIC.getOrDefault(type, ""));
      String[] parts = map.split("/");
      if (parts.length < 2 || !CLOCK_RATE.matcher(parts[1].strip()).matches()) {
        continue;
      }
      boolean sound = !media.kind().equals("video");
      int channels = sound ? 1 : 0;
      if (sound && parts.length > 2 && CHANNELS.matcher(parts[2].strip()).matches()) {
        channels = Integer.parseInt(parts[2].strip());
      }
      formats.add(
          new RtpFormat(
              type,
              parts[0].strip().toUpperCase(Locale.ROOT),
              Integer.parseInt(parts[1].strip()),
              channels,
              parameters(parameters.getOrDefault(type, ""))));
    }
    return formats;
  }

  /** Attributes whose value begins with a payload type; the first of each type counts. */
  static Map<Integer, String> numbered(MediaDescription media, String attribute) {
    Map<Integer, String> values = new HashMap<>();
    media
        .values(attribute)
        .forEach(
            value -> {
              String[] words = value.split("[ \t]+", 2);
              if (words.length == 2 && PAYLOAD_TYPE.matcher(words[0]).matches()) {
                values.putIfAbsent(Integer.valueOf(words[0]), words[1].strip());
              }
            });
    return values;
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

  static List<SdpAttribute> write(String kind, RtpFormat format) {
    List<SdpAttribute> lines = new ArrayList<>();
    String channels = kind.equals("audio") && format.channels() > 1 ? "/" + format.channels() : "";
    lines.add(
        new SdpAttribute(
            "rtpmap",
            format.payloadType()
                + " "
                + spelling(format.encoding())
                + "/"
                + format.clockRate()
                + channels));
    if (!format.parameters().isEmpty()) {
      lines.add(
          new SdpAttribute(
              "fmtp",
              format.payloadType()
                  + " "
                  + new TreeMap<>(format.parameters())
                      .entrySet().stream()
                          .map(each -> each.getKey() + "=" + each.getValue())
                          .collect(Collectors.joining(";"))));
    }
    return lines;
  }

  /** Names have no case, but some readers compare them as they are registered. */
  private static String spelling(String encoding) {
    return switch (encoding) {
      case "OPUS" -> "opus";
      case "MPEG4-GENERIC" -> "mpeg4-generic";
      default -> encoding;
    };
  }
}
