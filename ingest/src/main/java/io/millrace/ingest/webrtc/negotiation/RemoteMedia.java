package io.millrace.ingest.webrtc.negotiation;

import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.sdp.MediaDescription;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    MediaDescription text,
    boolean usable,
    String mid,
    boolean sends,
    boolean receives,
    List<RemoteFormat> formats,
    Map<HeaderExtension, Integer> extensions,
    List<Integer> sources) {
  private static final int MAX_SOURCES = 64;

  static RemoteMedia of(MediaDescription text) {
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

  private static List<RemoteFormat> formats(MediaDescription text) {
    List<RtpFormat> known = text.rtpFormats();
    Map<Integer, String> parameters = text.byPayloadType("fmtp");
    Map<Integer, Integer> retransmissions = new HashMap<>();
    for (RtpFormat format : known) {
      String original = format.parameters().getOrDefault("apt", "");
      if (format.encoding().equals("RTX") && original.matches("[0-9]{1,3}")) {
        retransmissions.put(Integer.parseInt(original), format.payloadType());
      }
    }
    List<RemoteFormat> formats = new ArrayList<>();
    for (RtpFormat format : known) {
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

  private static Set<String> feedback(MediaDescription text, int type) {
    return text.values("rtcp-fb")
        .flatMap(
            value ->
                value.startsWith(type + " ") || value.startsWith("* ")
                    ? Stream.of(value.substring(value.indexOf(' ') + 1).strip())
                    : Stream.empty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Map<HeaderExtension, Integer> extensions(MediaDescription text) {
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

  private static List<Integer> sources(MediaDescription text) {
    return text.values("ssrc")
        .map(value -> value.replaceFirst(" .*", ""))
        .filter(value -> value.matches("[0-9]{1,10}"))
        .map(value -> (int) Long.parseLong(value))
        .distinct()
        .limit(MAX_SOURCES)
        .toList();
  }
}
