package io.millrace.tests.load;

import io.millrace.ingest.rtp.payload.Packetizer;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The video of a recording as RTP packets in RTSP's interleaved framing (RFC 2326 section 10.12):
 * what one camera sends again and again, with only sequence numbers and timestamps set anew.
 *
 * @param sdp media part of its session description
 * @param frames packets of each frame, one behind the other, channel 0
 */
public record RtpClip(String sdp, List<byte[]> frames) {
  static final int INTERLEAVED_BYTES = 4;
  private static final int RTP_BYTES = 12;
  private static final int PAYLOAD_BYTES = 1400;
  private static final int PAYLOAD_TYPE = 96;

  /** Reads the first track of a Matroska file. */
  public static RtpClip read(Path file) throws IOException {
    try {
      FilmFile film = FilmFile.read(file);
      Track track = film.track();
      return new RtpClip(
          sdp(PayloadFormats.format(PAYLOAD_TYPE, track)),
          film.frames().stream().map(frame -> packets(track, frame)).toList());
    } catch (MediaException e) {
      throw new IOException(e);
    }
  }

  private static byte[] packets(Track track, Frame frame) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Packetizer packetizer = PayloadFormats.packetizer(track, PAYLOAD_BYTES);
    packetizer.frame(
        frame.data(),
        frame.keyframe(),
        (payload, marker) -> {
          int bytes = RTP_BYTES + payload.remaining();
          ByteBuffer packet = ByteBuffer.allocate(INTERLEAVED_BYTES + bytes);
          packet.put((byte) '$').put((byte) 0).putShort((short) bytes);
          packet.put((byte) 0x80).put((byte) ((marker ? 0x80 : 0) | PAYLOAD_TYPE));
          packet.putShort((short) 0).putInt(0).putInt(0).put(payload.duplicate());
          out.writeBytes(packet.array());
        });
    return out.toByteArray();
  }

  private static String sdp(RtpFormat format) {
    StringBuilder sdp =
        new StringBuilder("m=video 0 RTP/AVP ")
            .append(format.payloadType())
            .append("\r\na=rtpmap:%d %s/%d\r\n".formatted(PAYLOAD_TYPE, format.encoding(), 90_000))
            .append("a=fmtp:")
            .append(PAYLOAD_TYPE)
            .append(' ');
    format
        .parameters()
        .forEach((name, value) -> sdp.append(name).append('=').append(value).append(';'));
    return sdp.append("\r\na=control:track0\r\n").toString();
  }

  /** A copy of a frame's packets with the fields set that differ from camera to camera. */
  byte[] frameAt(int index, int firstSequence, int timestamp, int ssrc) {
    byte[] copy = frames.get(index % frames.size()).clone();
    ByteBuffer packets = ByteBuffer.wrap(copy);
    int sequence = firstSequence;
    for (int at = 0; at < copy.length; at += INTERLEAVED_BYTES + packets.getShort(at + 2)) {
      int rtp = at + INTERLEAVED_BYTES;
      packets
          .putShort(rtp + 2, (short) sequence++)
          .putInt(rtp + 4, timestamp)
          .putInt(rtp + 8, ssrc);
    }
    return copy;
  }

  /** Packets of a frame. */
  int packets(int index) {
    byte[] frame = frames.get(index % frames.size());
    int count = 0;
    for (int at = 0; at < frame.length; count++) {
      at += INTERLEAVED_BYTES + ByteBuffer.wrap(frame).getShort(at + 2);
    }
    return count;
  }
}
