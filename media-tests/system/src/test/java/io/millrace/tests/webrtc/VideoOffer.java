package io.millrace.tests.webrtc;

/** What a peer that sends H.264 offers; nobody holds the certificate that its fingerprint names. */
public final class VideoOffer {
  private VideoOffer() {}

  /**
   * The description.
   *
   * @param setup role in DTLS: {@code active} or {@code actpass}
   */
  public static String of(String setup) {
    return String.join(
            "\r\n",
            "v=0",
            "o=- 1 1 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0",
            "m=video 9 UDP/TLS/RTP/SAVPF 96",
            "c=IN IP4 0.0.0.0",
            "a=mid:0",
            "a=ice-ufrag:abcd",
            "a=ice-pwd:abcdefghijklmnopqrstuv",
            "a=fingerprint:sha-256 " + "AB:".repeat(31) + "AB",
            "a=setup:" + setup,
            "a=sendonly",
            "a=rtcp-mux",
            "a=rtpmap:96 H264/90000",
            "a=fmtp:96 packetization-mode=1;profile-level-id=42e01f")
        + "\r\n";
  }
}
