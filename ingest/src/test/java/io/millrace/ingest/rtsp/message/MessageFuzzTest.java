package io.millrace.ingest.rtsp.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes on a connection is messages and packets within the limits, or is refused. */
class MessageFuzzTest {
  private static final MessageSettings SETTINGS = new MessageSettings(200, 8, 300);

  static Stream<byte[]> connections() {
    return Stream.of(
            "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n",
            "ANNOUNCE rtsp://h/live/a RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nv=0\r\n",
            "SETUP rtsp://h/live/a/0 RTSP/1.0\nCSeq: 3\nTransport: RTP/AVP/TCP;interleaved=0-1\n\n",
            "RTSP/1.0 401 Unauthorized\r\nCSeq: 4\r\nWWW-Authenticate: Basic realm=\"x\"\r\n\r\n",
            "$\0\0\4abcd$\1\0\0OPTIONS * RTSP/1.0\r\n folded: no\r\n\r\n",
            "PLAY rtsp://h/ RTSP/1.0\r\nContent-Length: 99999999999\r\n\r\n",
            "PLAY rtsp://h/ RTSP/1.0\r\nContent-Length: -1\r\n\r\n")
        .map(text -> text.getBytes(ISO_8859_1));
  }

  /** What was found, each as its bytes on the wire, and the refusal where there was one. */
  private static List<String> found(byte[] bytes, int pieceBytes) {
    List<String> found = new ArrayList<>();
    RtspParser parser = new RtspParser(SETTINGS);
    RtspParser.Sink sink =
        new RtspParser.Sink() {
          @Override
          public void message(RtspMessage message) {
            assertThat(message.headers().lines()).hasSizeLessThanOrEqualTo(SETTINGS.maxHeaders());
            assertThat(message.body().length()).isLessThanOrEqualTo(SETTINGS.maxBodyBytes());
            found.add(UTF_8.decode(message.toBytes()).toString());
          }

          @Override
          public void packet(int channel, ByteBuffer packet) {
            assertThat(channel).isBetween(0, 255);
            found.add(channel + ISO_8859_1.decode(packet.duplicate()).toString());
          }
        };
    try {
      for (int at = 0; at < bytes.length; at += pieceBytes) {
        parser.feed(ByteBuffer.wrap(bytes, at, Math.min(pieceBytes, bytes.length - at)), sink);
      }
    } catch (MalformedMessage refused) {
      assertThat(refused.getMessage()).isNotBlank();
      found.add("refused");
    }
    return found;
  }

  @MethodSource("connections")
  @FuzzTest(maxDuration = "60s")
  void bytesMeanTheSameHoweverTheyAreCut(byte[] bytes) {
    List<String> whole = found(bytes, Math.max(1, bytes.length));
    assertThat(found(bytes, 1)).isEqualTo(whole);
    assertThat(found(bytes, 7)).isEqualTo(whole);
  }

  static Stream<byte[]> transports() {
    return Stream.of(
            "RTP/AVP/TCP;unicast;interleaved=0-1;mode=record",
            "RTP/AVP;unicast;client_port=5000-5001, RTP/AVP/TCP;interleaved=2-3",
            "RTP/AVP/UDP;multicast;ttl=1;ssrc=DEADBEEF;server_port=1-2",
            "RTP/AVP;client_port=99999-1;interleaved=-1-x;ssrc=;;=,",
            "")
        .map(text -> text.getBytes(ISO_8859_1));
  }

  /** What is read can be written, and reads the same again. */
  @MethodSource("transports")
  @FuzzTest(maxDuration = "60s")
  void transportsAreReadOrPassedOver(byte[] bytes) {
    String header = new String(bytes, ISO_8859_1);
    for (TransportHeader transport : TransportHeader.parse(header)) {
      assertThat(TransportHeader.parse(transport.toString())).containsExactly(transport);
    }
  }
}
