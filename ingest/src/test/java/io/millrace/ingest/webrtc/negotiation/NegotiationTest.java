package io.millrace.ingest.webrtc.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.sdp.SdpSettings;
import io.millrace.ingest.webrtc.dtls.Fingerprint;
import io.millrace.ingest.webrtc.ice.IceCandidate;
import io.millrace.ingest.webrtc.ice.IceCredentials;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NegotiationTest {
  private static final String TRANSPORT =
      """
      c=IN IP4 0.0.0.0
      a=ice-ufrag:abcd
      a=ice-pwd:abcdefghijklmnopqrstuv
      a=fingerprint:sha-256 %s
      a=setup:actpass
      a=rtcp-mux
      """
          .formatted("AB:".repeat(31) + "AB");
  private static final String VIDEO =
      """
      m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103
      %sa=mid:1
      a=sendonly
      a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
      a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
      a=rtpmap:96 VP8/90000
      a=rtpmap:97 rtx/90000
      a=fmtp:97 apt=96
      a=rtpmap:102 H264/90000
      a=rtcp-fb:102 goog-remb
      a=rtcp-fb:102 transport-cc
      a=rtcp-fb:102 nack
      a=rtcp-fb:102 nack pli
      a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
      a=rtpmap:103 rtx/90000
      a=fmtp:103 apt=102
      a=ssrc:11 cname:x
      """
          .formatted(TRANSPORT);
  private static final String AUDIO =
      """
      m=audio 9 UDP/TLS/RTP/SAVPF 111 0
      %sa=mid:0
      a=sendrecv
      a=rtpmap:111 opus/48000/2
      a=fmtp:111 minptime=10;useinbandfec=1
      """
          .formatted(TRANSPORT);
  private static final String DATA =
      """
      m=application 9 UDP/DTLS/SCTP webrtc-datachannel
      %sa=mid:2
      """
          .formatted(TRANSPORT);
  private static final String HEAD = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\n";

  private static final Transport OURS =
      new Transport(
          new IceCredentials("ufrag", "passwordpasswordpassword"),
          true,
          Fingerprint.sha256(new byte[1]),
          DtlsSetup.PASSIVE,
          List.of(IceCandidate.host(new InetSocketAddress("127.0.0.1", 8189), false, 0)));

  private static Negotiation receiving() {
    return new Negotiation(false, CodecChoice.toReceive(), new Random(1));
  }

  @Test
  void anOfferIsAnsweredSectionBySection() {
    RemoteDescription offer = RemoteDescription.parse(HEAD + AUDIO + VIDEO + DATA);
    List<Optional<MediaPlan>> plans = receiving().plan(offer);
    assertThat(plans.get(0).orElseThrow().format().encoding()).isEqualTo("OPUS");
    MediaPlan video = plans.get(1).orElseThrow();
    assertThat(video.format().payloadType()).isEqualTo(102);
    assertThat(video.retransmission()).hasValue(103);
    assertThat(video.nack() && video.keyframeRequests() && video.remb()).isTrue();
    assertThat(video.transportFeedback()).isTrue();
    assertThat(video.sources()).containsExactly(11);
    assertThat(plans.get(2)).isEmpty();

    String answer = LocalDescription.answer(1, OURS, offer, plans, false);
    assertThat(answer.lines())
        .contains(
            "a=ice-lite",
            "a=group:BUNDLE 0 1",
            "m=audio 9 UDP/TLS/RTP/SAVPF 111",
            "a=rtpmap:111 opus/48000/2",
            "m=video 9 UDP/TLS/RTP/SAVPF 102 103",
            "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f",
            "a=fmtp:103 apt=102",
            "a=rtcp-fb:102 transport-cc",
            "a=candidate:u0 1 udp 2130706431 127.0.0.1 8189 typ host",
            "a=end-of-candidates",
            "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
            "a=inactive")
        .doesNotContain("a=sendonly", "a=rtpmap:96 VP8/90000");
    assertThat(answer).as("every line ends as the grammar wants").doesNotContain("\n\n");
    RemoteDescription read = RemoteDescription.parse(answer);
    assertThat(read.iceLite()).isTrue();
    assertThat(read.setup()).isEqualTo(DtlsSetup.PASSIVE);
    assertThat(read.candidates()).isEqualTo(OURS.candidates());
  }

  @Test
  void whoTalksIsHeardOnTheSameSection() {
    SendChoice stream = new SendChoice("H264", "42e01f", "OPUS");
    List<OfferedMedia> offered = OfferedMedia.talking(OfferedMedia.toSend(stream, 5, 6), 7);
    String offer = LocalDescription.offer(1, OURS, offered, true);
    assertThat(offer).contains("a=sendrecv\r\na=msid:millrace audio\r\na=ssrc:7 ");
    assertThat(offer).contains("a=sendonly\r\na=msid:millrace video\r\na=ssrc:5 ");
    String toMaster =
        LocalDescription.offer(1, OURS, OfferedMedia.talking(OfferedMedia.toReceive(), 8), false);
    assertThat(toMaster).contains("a=sendrecv\r\na=msid:millrace audio\r\na=ssrc:8 ");
    assertThat(toMaster).contains("a=mid:1", "a=recvonly").doesNotContain("a=sendonly");
    for (String direction : List.of("sendrecv", "recvonly")) {
      RemoteDescription answer =
          RemoteDescription.parse(HEAD + AUDIO.replace("sendrecv", direction));
      assertThat(
              new Negotiation(true, stream, new Random(1))
                  .plan(answer)
                  .getFirst()
                  .orElseThrow()
                  .bothWays())
          .isEqualTo(direction.equals("sendrecv"));
    }
    SendChoice telephone = new SendChoice("", "", "PCMU");
    List<OfferedMedia> silent = OfferedMedia.toSend(telephone, 5, 6);
    assertThat(OfferedMedia.talking(silent, 7)).as("only Opus is mixed").isEqualTo(silent);
  }

  @Test
  void ourOffersCanBeAnswered() {
    String offer = LocalDescription.offer(1, OURS, OfferedMedia.toReceive(), false);
    RemoteDescription read = RemoteDescription.parse(offer);
    assertThat(read.media()).hasSize(2);
    SendChoice viewer = new SendChoice("H264", "4d0028", "OPUS");
    List<Optional<MediaPlan>> plans = new Negotiation(true, viewer, new Random(1)).plan(read);
    assertThat(plans.get(1).orElseThrow().format().payloadType())
        .as("the same profile before others")
        .isEqualTo(104);
    String sending = LocalDescription.offer(1, OURS, OfferedMedia.toSend(viewer, 5, 6), true);
    assertThat(sending.lines())
        .contains("a=sendonly", "a=ssrc:5 cname:millrace", "a=ssrc:6 cname:millrace")
        .contains(
            "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d0028");
    assertThat(receiving().plan(RemoteDescription.parse(sending))).noneMatch(Optional::isEmpty);
  }

  private static final String BROWSER =
      """
      m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 100 45 46
      %sa=mid:1
      a=sendrecv
      a=rtpmap:96 VP8/90000
      a=rtcp-fb:96 nack
      a=rtcp-fb:96 nack pli
      a=rtpmap:97 rtx/90000
      a=fmtp:97 apt=96
      a=rtpmap:98 VP9/90000
      a=fmtp:98 profile-id=0
      a=rtpmap:100 VP9/90000
      a=fmtp:100 profile-id=2
      a=rtpmap:45 AV1/90000
      a=fmtp:45 level-idx=5;profile=0;tier=0
      a=rtpmap:46 rtx/90000
      a=fmtp:46 apt=45
      """
          .formatted(TRANSPORT);

  private static MediaPlan received(String section) {
    return received(RemoteDescription.parse(HEAD + section));
  }

  @Test
  void withoutH264OtherCodecsAreStored() {
    assertThat(received(BROWSER).format().payloadType()).isEqualTo(98);
    String other = BROWSER.replace("VP9/", "XX/");
    assertThat(received(other).format().encoding()).isEqualTo("AV1");
    assertThat(received(other).retransmission()).hasValue(46);
    MediaPlan vp8 = received(other.replace("AV1/", "XX/"));
    assertThat(vp8.format().encoding()).isEqualTo("VP8");
    assertThat(vp8.nack() && vp8.keyframeRequests()).isTrue();
    assertThat(received(VIDEO).format().encoding()).as("where H.264 is offered").isEqualTo("H264");
  }

  @Test
  void viewersGetTheProfileThatTheirDecoderTakes() {
    RemoteDescription viewer = RemoteDescription.parse(HEAD + BROWSER);
    int[] types = new int[4];
    List<SendChoice> streams =
        List.of(
            new SendChoice("VP9", "0", ""),
            new SendChoice("VP9", "2", ""),
            new SendChoice("AV1", "0", ""),
            new SendChoice("VP8", "", ""));
    for (int i = 0; i < types.length; i++) {
      Negotiation negotiation = new Negotiation(true, streams.get(i), new Random(1));
      types[i] = negotiation.plan(viewer).getFirst().orElseThrow().format().payloadType();
      String offer =
          LocalDescription.offer(1, OURS, OfferedMedia.toSend(streams.get(i), 5, 6), true);
      assertThat(received(RemoteDescription.parse(offer)).format().encoding())
          .isEqualTo(streams.get(i).videoEncoding());
    }
    assertThat(types).containsExactly(98, 100, 45, 96);
    Negotiation unknown = new Negotiation(true, new SendChoice("AV1", "1", ""), new Random(1));
    assertThatThrownBy(() -> unknown.plan(viewer)).hasMessageContaining("none of the stream");
  }

  /** What is received of the last section. */
  private static MediaPlan received(RemoteDescription offer) {
    return receiving().plan(offer).getLast().orElseThrow();
  }

  @Test
  void ourOfferPrefersH264AndNumbersAreUnique() {
    List<OfferedMedia> offered = OfferedMedia.toReceive();
    List<Integer> types = offered.stream().flatMap(media -> media.payloadTypes().stream()).toList();
    assertThat(types).doesNotHaveDuplicates();
    assertThat(offered.get(1).formats().getFirst()).contains("H264");
    String offer = LocalDescription.offer(1, OURS, offered, false);
    assertThat(received(RemoteDescription.parse(offer.replace("recvonly", "sendonly"))))
        .extracting(plan -> plan.format().payloadType())
        .isEqualTo(102);
  }

  @Test
  void whatCannotBeUsedIsSaid() {
    assertThatThrownBy(() -> RemoteDescription.parse("hello")).hasMessageContaining("v=0");
    assertThatThrownBy(() -> RemoteDescription.parse(HEAD + VIDEO.replace("SAVPF", "AVP")))
        .hasMessageContaining("SAVPF");
    assertThatThrownBy(() -> RemoteDescription.parse(HEAD)).hasMessageContaining("media section");
    assertThatThrownBy(() -> RemoteDescription.parse(HEAD + VIDEO.replace("a=ice-pwd", "a=x")))
        .hasMessageContaining("ice-pwd");
    assertThatThrownBy(() -> RemoteDescription.parse(HEAD + VIDEO.replace("sha-256", "sha-1")))
        .hasMessageContaining("fingerprint");
    assertThatThrownBy(() -> RemoteDescription.parse(HEAD + VIDEO.replace("actpass", "holdconn")))
        .hasMessageContaining("setup");
    RemoteDescription other =
        RemoteDescription.parse(HEAD + VIDEO.replace("H264", "H263").replace("VP8", "H261"));
    assertThatThrownBy(() -> receiving().plan(other))
        .isInstanceOfSatisfying(
            DescriptionRefused.class, refused -> assertThat(refused.isMalformed()).isFalse());
  }

  @Test
  void descriptionsAreReadToTheLimits() {
    SdpSettings limits = SdpSettings.defaults();
    String sections = VIDEO.repeat(limits.maxMedia());
    assertThat(RemoteDescription.parse(HEAD + sections).media()).hasSize(limits.maxMedia());
    assertThatThrownBy(() -> RemoteDescription.parse(HEAD + sections + VIDEO))
        .hasMessageContaining("media sections");
    String padding = "s=" + "x".repeat(limits.maxChars() - HEAD.length() - VIDEO.length() - 3);
    assertThat(RemoteDescription.parse(HEAD + padding + "\n" + VIDEO).media()).hasSize(1);
    assertThatThrownBy(() -> RemoteDescription.parse(HEAD + padding + "x\n" + VIDEO))
        .hasMessageContaining("characters");
    String candidate = "a=candidate:1 1 udp 1 127.0.0.1 9 typ host\n";
    assertThat(IceFragment.parse(candidate.repeat(IceFragment.MAX_CANDIDATES)).candidates())
        .hasSize(IceFragment.MAX_CANDIDATES);
    assertThatThrownBy(() -> IceFragment.parse(candidate.repeat(IceFragment.MAX_CANDIDATES + 1)))
        .isInstanceOf(DescriptionRefused.class);
  }

  @Test
  void candidatesAreReadAsWrittenAndNamesAreNotLookedUp() {
    IceCandidate six = IceCandidate.host(new InetSocketAddress("2001:db8:0:0:0:0:0:1", 9), true, 3);
    assertThat(six.toSdp()).endsWith("tcptype passive");
    assertThat(IceCandidate.parse(six.toSdp())).as("we never connect").isEmpty();
    String udp = "candidate:1 1 UDP 2130706431 10.0.0.7 5000 typ srflx raddr 0.0.0.0 rport 0";
    assertThat(IceCandidate.parse("a=" + udp).orElseThrow().address())
        .isEqualTo(new InetSocketAddress("10.0.0.7", 5000));
    for (String bad :
        List.of(
            udp.replace("10.0.0.7", "camera.local"),
            udp.replace("10.0.0.7", "224.0.0.1"),
            udp.replace("5000", "0"),
            udp.replace("5000", "65536"),
            udp.replace("2130706431", "x"),
            udp.replace(" 1 UDP", " 2 UDP"),
            "candidate:",
            "")) {
      assertThat(IceCandidate.parse(bad)).as(bad).isEmpty();
    }
  }
}
