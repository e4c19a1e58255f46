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
 */
public record OfferedMedia(
    String kind, String mid, List<Integer> payloadTypes, List<String> formats, int ownSource) {
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
            0),
        new OfferedMedia(
            "video",
            "1",
            List.of(102, 103, 104, 105, 106, 107),
            List.of(
                "rtpmap:102 H264/90000",
                "fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
                "rtpmap:103 rtx/90000",
                "fmtp:103 apt=102",
                "rtpmap:104 H264/90000",
                "fmtp:104 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f",
                "rtpmap:105 rtx/90000",
                "fmtp:105 apt=104",
                "rtpmap:106 H264/90000",
                "fmtp:106 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f",
                "rtpmap:107 rtx/90000",
                "fmtp:107 apt=106",
                "rtcp-fb:102 nack",
                "rtcp-fb:102 nack pli",
                "rtcp-fb:102 goog-remb",
                "rtcp-fb:102 transport-cc",
                "rtcp-fb:104 nack",
                "rtcp-fb:104 nack pli",
                "rtcp-fb:104 goog-remb",
                "rtcp-fb:104 transport-cc",
                "rtcp-fb:106 nack",
                "rtcp-fb:106 nack pli",
                "rtcp-fb:106 goog-remb",
                "rtcp-fb:106 transport-cc"),
            0));
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
              audioSource));
    } else if (!stream.audioEncoding().isEmpty()) {
      int type = stream.audioEncoding().equals("PCMU") ? 0 : 8;
      offered.add(
          new OfferedMedia(
              "audio",
              "0",
              List.of(type),
              List.of("rtpmap:%d %s/8000".formatted(type, stream.audioEncoding())),
              audioSource));
    }
    if (!stream.videoEncoding().isEmpty()) {
      List<String> lines = new ArrayList<>();
      lines.add("rtpmap:102 " + stream.videoEncoding() + "/90000");
      if (stream.videoEncoding().equals("H264")) {
        lines.add(
            "fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id="
                + stream.profileLevelId());
      }
      lines.add("rtcp-fb:102 nack");
      lines.add("rtcp-fb:102 nack pli");
      offered.add(new OfferedMedia("video", "1", List.of(102), lines, videoSource));
    }
    return List.copyOf(offered);
  }
}
