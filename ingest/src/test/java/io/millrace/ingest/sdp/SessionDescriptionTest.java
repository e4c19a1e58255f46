package io.millrace.ingest.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.ingest.rtp.payload.RtpFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionDescriptionTest {
  private static final SdpSettings SETTINGS = SdpSettings.defaults();

  @Test
  void readsWhatEncodersAnnounce() throws MalformedDescription {
    SessionDescription session =
        SessionDescription.parse(
            """
            v=0\r
            o=- 0 0 IN IP4 127.0.0.1\r
            s=No Name\r
            c=IN IP4 127.0.0.1\r
            t=0 0\r
            a=tool:libavformat 59.27.100\r
            m=video 0 RTP/AVP 96\r
            b=AS:900\r
            a=rtpmap:96 H264/90000\r
            a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z2QA,aOs=; profile-level-id=64001F\r
            a=control:streamid=0\r
            m=audio 0 RTP/AVP 97\r
            a=rtpmap:97 MPEG4-GENERIC/48000/2\r
            a=fmtp:97 streamtype=5;mode=AAC-hbr;sizelength=13;config=1190\r
            a=control:streamid=1\r
            """,
            SETTINGS);
    assertEquals("No Name", session.name());
    assertEquals("libavformat 59.27.100", session.value("tool").orElseThrow());
    MediaDescription video = session.media().getFirst();
    assertEquals("streamid=0", video.control());
    assertEquals(900, video.bandwidth());
    assertEquals(Direction.SENDRECV, video.direction());
    assertEquals(
        new RtpFormat(
            96,
            "H264",
            90_000,
            0,
            Map.of(
                "packetization-mode",
                "1",
                "sprop-parameter-sets",
                "Z2QA,aOs=",
                "profile-level-id",
                "64001F")),
        video.rtpFormats().getFirst());
    RtpFormat sound = session.media().getLast().rtpFormats().getFirst();
    assertEquals("MPEG4-GENERIC", sound.encoding());
    assertEquals(2, sound.channels());
    assertEquals("1190", sound.parameters().get("config"));
  }

  @Test
  void aPayloadTypeThatIsNamedAgainCountsOnce() throws Exception {
    SessionDescription session =
        SessionDescription.parse(
            "v=0\nm=audio 0 RTP/AVP 0 8 0" + " 8".repeat(1000), SdpSettings.defaults());
    assertEquals(
        List.of("PCMU", "PCMA"),
        session.media().getFirst().rtpFormats().stream().map(RtpFormat::encoding).toList());
  }

  @Test
  void forgivesWhatCamerasGetWrong() throws MalformedDescription {
    SessionDescription session =
        SessionDescription.parse(
            """
              m=audio 49170/2  RTP/AVP 0 8 200 x
            a=sendonly
            a=rtpmap:8
            a=fmtp:0
            what is this

            m=video 0 RTP/AVP 26 99
            a=inactive
            a=rtpmap:99 h265/0
            """,
            SETTINGS);
    MediaDescription sound = session.media().getFirst();
    assertEquals(49_170, sound.port());
    assertEquals(Direction.SENDONLY, sound.direction());
    assertEquals(
        List.of("PCMU", "PCMA"), sound.rtpFormats().stream().map(RtpFormat::encoding).toList());
    assertEquals(1, sound.rtpFormats().getFirst().channels());
    assertEquals(Direction.INACTIVE, session.media().getLast().direction());
    assertEquals(
        List.of("JPEG"),
        session.media().getLast().rtpFormats().stream().map(RtpFormat::encoding).toList());
  }

  @Test
  void writesWhatItReads() throws MalformedDescription {
    RtpFormat format = new RtpFormat(97, "OPUS", 48_000, 2, Map.of("sprop-stereo", "1"));
    SessionDescription written =
        new SessionDescription(
            "front door",
            List.of(new SdpAttribute("control", "*")),
            List.of(
                MediaDescription.of(
                    "audio", format, List.of(new SdpAttribute("control", "track1")))));
    String text = written.write(7, "::1");
    assertTrue(text.contains("o=- 7 1 IN IP6 ::1\r\n"), text);
    assertTrue(text.contains("a=rtpmap:97 opus/48000/2\r\n"), text);
    SessionDescription read = SessionDescription.parse(text, SETTINGS);
    assertEquals(written, read);
    assertEquals(List.of(format), read.media().getFirst().rtpFormats());
  }

  @Test
  void refusesWhatIsNone() {
    for (String text :
        List.of("", "v=0", "v=0\nm=", "m=video", "m=video x RTP/AVP 96", "m=video 70000 RTP 1")) {
      assertThrows(
          MalformedDescription.class, () -> SessionDescription.parse(text, SETTINGS), text);
    }
  }

  @Test
  void holdsItsLimits() throws MalformedDescription {
    String media = "m=video 0 RTP/AVP 96\n";
    SdpSettings chars = new SdpSettings(media.length(), 5, 5);
    assertEquals(1, SessionDescription.parse(media, chars).media().size());
    refused(media + " ", chars);
    SdpSettings sections = new SdpSettings(1000, 2, 5);
    assertEquals(2, SessionDescription.parse(media.repeat(2), sections).media().size());
    refused(media.repeat(3), sections);
    SdpSettings attributes = new SdpSettings(1000, 1, 3);
    assertEquals(
        3,
        SessionDescription.parse(media + "a=x\n".repeat(3), attributes)
            .media()
            .getFirst()
            .attributes()
            .size());
    refused(media + "a=x\n".repeat(4), attributes);
  }

  private static void refused(String text, SdpSettings settings) {
    assertThrows(MalformedDescription.class, () -> SessionDescription.parse(text, settings));
  }

  @FuzzTest
  void anyTextIsReadOrRefused(FuzzedDataProvider data) {
    try {
      SessionDescription session =
          SessionDescription.parse(data.consumeRemainingAsString(), SETTINGS);
      session.media().forEach(MediaDescription::rtpFormats);
      SessionDescription again = SessionDescription.parse(session.write(0, "127.0.0.1"), SETTINGS);
      assertEquals(session.media().size(), again.media().size());
    } catch (MalformedDescription e) {
      assertTrue(e.getMessage().length() > 5);
    }
  }
}
