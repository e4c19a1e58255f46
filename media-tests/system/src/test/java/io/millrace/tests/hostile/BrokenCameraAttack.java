package io.millrace.tests.hostile;

import io.millrace.tests.client.RtspTalk;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A camera with a session of its own that sends nothing right, by datagrams or interleaved. */
final class BrokenCameraAttack implements Attack {
  private static final Pattern SERVER_PORT = Pattern.compile("server_port=(\\d+)-");
  private static final List<String> FORMATS =
      List.of("H264/90000", "H265/90000", "AV1/90000", "VP9/90000", "VP8/90000");

  /** Packets of one session; then the next comes with another format. */
  private static final int SESSION_PACKETS = 5000;

  private final URI rtsp;
  private final boolean tcp;
  private final RtpJunk packets;
  private final Junk junk;
  private int sessions;

  BrokenCameraAttack(URI rtsp, boolean tcp, RtpJunk packets, Junk junk) {
    this.rtsp = rtsp;
    this.tcp = tcp;
    this.packets = packets;
    this.junk = junk;
  }

  @Override
  public String kind() {
    return tcp ? "interleaved frames of broken cameras" : "RTP and RTCP of broken cameras by UDP";
  }

  @Override
  public long run(long wanted, Pace pace) throws IOException {
    long sent = 0;
    while (sent < wanted) {
      try (RtspTalk talk = new RtspTalk(rtsp);
          DatagramSocket media = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
        int port = open(talk, media.getLocalPort());
        for (int i = 0; i < SESSION_PACKETS && sent < wanted; i++, sent++) {
          boolean control = junk.below(4) == 0;
          byte[] packet = control ? packets.rtcp() : packets.rtp();
          if (tcp) {
            interleave(talk, control, packet);
          } else {
            InetAddress to = InetAddress.getByName("127.0.0.1");
            int at = control ? port + 1 : port;
            media.send(new DatagramPacket(packet, packet.length, to, at));
          }
          pace.sent();
        }
      } catch (IOException e) {
        // The server has had enough of this one, as it may.
      }
    }
    return sent;
  }

  private int open(RtspTalk talk, int port) throws IOException {
    String url = rtsp + "/live/broken-" + (tcp ? "tcp-" : "udp-") + sessions;
    String format = FORMATS.get(sessions++ % FORMATS.size());
    String sdp =
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
            + ("a=rtpmap:96 " + format + "\r\na=control:0\r\n");
    talk.ask("ANNOUNCE", url, "Content-Type: application/sdp\r\n", sdp).orThrow();
    String transport =
        tcp
            ? "Transport: RTP/AVP/TCP;unicast;interleaved=0-1;mode=record\r\n"
            : "Transport: RTP/AVP;unicast;client_port=%d-%d;mode=record\r\n"
                .formatted(port, port + 1);
    RtspTalk.Answer answer = talk.ask("SETUP", url + "/0", transport, "").orThrow();
    talk.ask("RECORD", url, answer.session(), "").orThrow();
    Matcher ports = SERVER_PORT.matcher(answer.headers().getOrDefault("Transport", ""));
    return ports.find() ? Integer.parseInt(ports.group(1)) : 0;
  }

  /** Now and then with a length that is not the packet's, after which nothing is where it was. */
  private void interleave(RtspTalk talk, boolean control, byte[] packet) throws IOException {
    int channel = junk.below(50) == 0 ? junk.below(256) : control ? 1 : 0;
    int length = junk.below(500) == 0 ? junk.below(1 << 16) : packet.length;
    talk.send(
        ByteBuffer.allocate(4 + packet.length)
            .put((byte) '$')
            .put((byte) channel)
            .putShort((short) length)
            .put(packet)
            .array());
  }
}
