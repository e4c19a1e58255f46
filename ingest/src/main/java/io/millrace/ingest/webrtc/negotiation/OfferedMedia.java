package io.millrace.ingest.webrtc.negotiation;

import java.util.ArrayList;
import java.util.List;

/**
 * A section of an offer of ours.
 *
 * @param kind {@code audio} or {@code video}
 * @param mid identification of the section
 * @param formats lines of it, {@code rtpmap}, {@code fmtp} and {@code rtcp-fb}, without {@code a=}
 * @param payloadTypes in the order of preference
 * @param ownSource ours, where we send
 * @param bothWays whether media flow in the other direction as well
 */
public record OfferedMedia(
    String kind,
    String mid,
    List<Integer> payloadTypes,
    List<String> formats,
    int ownSource,
    boolean bothWays) {
  private static final String H264_PARAMETERS =
      "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=";

  public OfferedMedia {
    payloadTypes = List.copyOf(payloadTypes);
    formats = List.copyOf(formats);
  }

  /** Sound and pictures that we store. */
  public static List<OfferedMedia> toReceive() {
    return List.of(
        new OfferedMedia(
            "audio",
            "0",
            List.of(111, 0, 8),
            List.of(
                "rtpmap:111 opus/48000/2",
                "fmtp:111 minptime=10;useinbandfec=1",
                "rtcp-fb:111 transport-cc",
                "rtpmap:0 PCMU/8000",
                "rtpmap:8 PCMA/8000"),
            0,
            false),
        videoToReceive());
  }

  private static OfferedMedia videoToReceive() {
    List<Integer> types = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    add(types, lines, 102, "H264", H264_PARAMETERS + "42e01f");
    add(types, lines, 104, "H264", H264_PARAMETERS + "4d001f");
    add(types, lines, 106, "H264", H264_PARAMETERS + "64001f");
    // Behind H.264, which everybody else speaks: cameras that have no H.264 take one of these.
    add(types, lines, 112, "VP9", "profile-id=0");
    add(types, lines, 114, "AV1", "");
    add(types, lines, 116, "VP8", "");
    return new OfferedMedia("video", "1", types, lines, 0, false);
  }

  /** A codec, and its retransmission with the next payload type. */
  private static void add(
      List<Integer> types, List<String> lines, int type, String encoding, String parameters) {
    int again = type + 1;
    types.add(type);
    types.add(again);
    lines.add("rtpmap:%d %s/90000".formatted(type, encoding));
    if (!parameters.isEmpty()) {
      lines.add("fmtp:%d %s".formatted(type, parameters));
    }
    lines.add("rtpmap:%d rtx/90000".formatted(again));
    lines.add("fmtp:%d apt=%d".formatted(again, type));
    for (String feedback : List.of("nack", "nack pli", "goog-remb", "transport-cc")) {
      lines.add("rtcp-fb:%d %s".formatted(type, feedback));
    }
  }

  /**
   * The same where sound of Opus flows both ways, as between a master and viewers who talk.
   *
   * @param audioSource source of our sound
   */
  public static List<OfferedMedia> talking(List<OfferedMedia> offered, int audioSource) {
    return offered.stream()
        .map(
            each ->
                each.formats.stream().anyMatch(line -> line.contains("opus/"))
                    ? new OfferedMedia(
                        each.kind, each.mid, each.payloadTypes, each.formats, audioSource, true)
                    : each)
        .toList();
  }

  /**
   * What a stream has.
   *
   * @param videoSource source of the pictures
   * @param audioSource source of the sound
   */
  public static List<OfferedMedia> toSend(SendChoice stream, int videoSource, int audioSource) {
    List<OfferedMedia> offered = new ArrayList<>();
    if (stream.audioEncoding().equals("OPUS")) {
      offered.add(
          new OfferedMedia(
              "audio",
              "0",
              List.of(111),
              List.of("rtpmap:111 opus/48000/2", "fmtp:111 minptime=10;useinbandfec=1"),
              audioSource,
              false));
    } else if (!stream.audioEncoding().isEmpty()) {
      int type = stream.audioEncoding().equals("PCMU") ? 0 : 8;
      offered.add(
          new OfferedMedia(
              "audio",
              "0",
              List.of(type),
              List.of("rtpmap:%d %s/8000".formatted(type, stream.audioEncoding())),
              audioSource,
              false));
    }
    if (!stream.videoEncoding().isEmpty()) {
      List<String> lines = new ArrayList<>();
      lines.add("rtpmap:102 " + stream.videoEncoding() + "/90000");
      switch (stream.videoEncoding()) {
        case "H264" -> lines.add("fmtp:102 " + H264_PARAMETERS + stream.profile());
        case "VP9" -> lines.add("fmtp:102 profile-id=" + stream.profile());
        case "AV1" -> lines.add("fmtp:102 profile=" + stream.profile());
        default -> {}
      }
      lines.add("rtcp-fb:102 nack");
      lines.add("rtcp-fb:102 nack pli");
      offered.add(new OfferedMedia("video", "1", List.of(102), lines, videoSource, false));
    }
    return List.copyOf(offered);
  }
}
