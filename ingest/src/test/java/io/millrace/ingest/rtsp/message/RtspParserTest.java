package io.millrace.ingest.rtsp.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RtspParserTest {
  private static final MessageSettings SETTINGS = MessageSettings.defaults();
  private static final String SETUP =
      "SETUP rtsp://h/live/a/streamid=0 RTSP/1.0\r\nCSeq: 3\r\ntransport: RTP/AVP\r\n\r\n";

  /** Everything found, as text. */
  private static final class Found implements RtspParser.Sink {
    private final List<String> all = new ArrayList<>();

    @Override
    public void message(RtspMessage message) {
      all.add(message.firstLine() + "|" + message.headers().lines().size() + "|" + message.body());
    }

    @Override
    public void packet(int channel, ByteBuffer packet) {
      byte[] bytes = new byte[packet.remaining()];
      packet.duplicate().get(bytes);
      all.add("$" + channel + ":" + new String(bytes, UTF_8));
    }
  }

  private static byte[] conversation() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SETUP.getBytes(UTF_8));
    out.writeBytes(packet(0, "one"));
    out.writeBytes(packet(255, ""));
    out.writeBytes(packet(1, "two"));
    out.writeBytes("\r\nRTSP/1.0 200 OK\nCSeq: 4\nContent-Length: 5\n\nhello".getBytes(UTF_8));
    out.writeBytes(packet(2, "x".repeat(65_535)));
    out.writeBytes("options * RTSP/1.0\r\n\r\n".getBytes(UTF_8));
    return out.toByteArray();
  }

  private static byte[] packet(int channel, String text) {
    return ByteBuffer.allocate(4 + text.length())
        .put((byte) '$')
        .put((byte) channel)
        .putShort((short) text.length())
        .put(text.getBytes(UTF_8))
        .array();
  }

  @Test
  void findsTheSameHoweverTheBytesAreCut() throws MalformedMessage {
    byte[] bytes = conversation();
    List<String> expected =
        List.of(
            "SETUP rtsp://h/live/a/streamid=0 RTSP/1.0|2|",
            "$0:one",
            "$255:",
            "$1:two",
            "RTSP/1.0 200 OK|2|hello",
            "$2:" + "x".repeat(65_535),
            "OPTIONS * RTSP/1.0|0|");
    for (int size : new int[] {1, 2, 3, 5, 7, 64, 1000, 65_536, bytes.length}) {
      Found found = new Found();
      RtspParser parser = new RtspParser(SETTINGS);
      for (int at = 0; at < bytes.length; at += size) {
        parser.feed(ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at)), found);
      }
      assertEquals(expected, found.all, "cut every " + size);
    }
  }

  @Test
  void readsWhatIsWritten() throws MalformedMessage {
    List<RtspMessage> read = new ArrayList<>();
    RtspResponse response =
        RtspResponse.of(RtspStatus.NOT_FOUND, "no stream ü").with("CSeq", "7").with("X", "y");
    RtspRequest request = new RtspRequest("PLAY", "rtsp://h/live/a", RtspHeaders.NONE, "");
    RtspParser.Sink sink =
        new RtspParser.Sink() {
          @Override
          public void message(RtspMessage message) {
            read.add(message);
          }

          @Override
          public void packet(int channel, ByteBuffer packet) {
            throw new AssertionError("no packet was sent");
          }
        };
    RtspParser parser = new RtspParser(SETTINGS);
    parser.feed(response.toBytes(), sink);
    parser.feed(request.toBytes(), sink);
    RtspResponse first = (RtspResponse) read.getFirst();
    assertEquals(404, first.status());
    assertEquals("no stream ü\r\n", first.body());
    assertEquals("7", first.headers().value("cseq").orElseThrow());
    assertEquals(request, read.get(1));
  }

  @Test
  void holdsItsLimits() throws MalformedMessage {
    MessageSettings small = new MessageSettings(25, 2, 4);
    String first = "PLAY rtsp://h/a RTSP/1.0\r\n";
    assertEquals(1, feed(small, first + "a: 1\r\nContent-Length: 4\r\n\r\nbody").size());
    refused(small, "PLAY rtsp://h/ab RTSP/1.0\r\n\r\n");
    refused(small, "x".repeat(26));
    refused(small, first + "a: 1\r\nb: 2\r\nc: 3\r\n\r\n");
    refused(small, first + "Content-Length: 5\r\n\r\n");
  }

  @Test
  void refusesWhatIsNoMessage() {
    for (String text :
        List.of(
            "GET / HTTP/1.1\r\n\r\n",
            "\u0016\u0003\u0001\r\n\r\n",
            "PLAY rtsp://h/a\r\n\r\n",
            "RTSP/1.0 99 x\r\n\r\n",
            "PLAY a RTSP/1.0\r\nno colon\r\n\r\n",
            "PLAY a RTSP/1.0\r\nContent-Length: -1\r\n\r\n")) {
      refused(SETTINGS, text);
    }
  }

  private static List<String> feed(MessageSettings settings, String text) throws MalformedMessage {
    Found found = new Found();
    new RtspParser(settings).feed(ByteBuffer.wrap(text.getBytes(UTF_8)), found);
    return found.all;
  }

  private static void refused(MessageSettings settings, String text) {
    assertThrows(MalformedMessage.class, () -> feed(settings, text), text);
  }

  @Test
  void readsTransports() {
    List<TransportHeader> all =
        TransportHeader.parse(
            "RAW/X;a=b, RTP/AVP/UDP;unicast;client_port=5000-5001;mode=record,"
                + "RTP/AVP/TCP;interleaved=2;ssrc=8000000A,RTP/AVP;multicast;client_port=99999");
    assertEquals(3, all.size());
    assertEquals(TransportHeader.udp(true, new TransportHeader.Pair(5000, 5001)), all.get(0));
    assertEquals(new TransportHeader.Pair(2, 3), all.get(1).interleaved());
    assertEquals(0x8000000A, all.get(1).ssrc().orElseThrow());
    assertTrue(all.get(2).multicast());
    assertEquals(null, all.get(2).clientPorts());
    assertEquals(List.of(all.get(0)), TransportHeader.parse(all.get(0).toString()));
    assertEquals(List.of(all.get(1)), TransportHeader.parse(all.get(1).toString()));
  }

  @FuzzTest
  void anyBytesAreReadOrRefused(FuzzedDataProvider data) {
    RtspParser parser = new RtspParser(new MessageSettings(100, 5, 50));
    RtspParser.Sink sink =
        new RtspParser.Sink() {
          @Override
          public void message(RtspMessage message) {
            message.headers().values("Transport").forEach(TransportHeader::parse);
            assertTrue(message.body().length() <= 50);
          }

          @Override
          public void packet(int channel, ByteBuffer packet) {
            assertTrue(packet.remaining() <= 65_535);
          }
        };
    try {
      while (data.remainingBytes() > 0) {
        parser.feed(ByteBuffer.wrap(data.consumeBytes(1 + data.consumeInt(0, 40))), sink);
      }
    } catch (MalformedMessage e) {
      assertTrue(e.getMessage().length() > 5);
    }
  }
}
