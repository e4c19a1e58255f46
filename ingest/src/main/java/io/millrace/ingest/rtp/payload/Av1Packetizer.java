package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.payload.layout.Av1Layout;
import io.millrace.media.av1.Obu;
import io.millrace.media.bits.Leb128;
import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts temporal units of AV1 (RTP Payload Format For AV1). Some receivers take a payload that does
 * not go on with an OBU for the first of its frame, so payloads end within OBUs where they can.
 */
final class Av1Packetizer implements Packetizer {
  private static final int HEADER_BYTES = 1;

  /** Length and at least one byte. */
  private static final int SMALLEST_ELEMENT = 2;

  private static final int LONGEST_LENGTH = 3;

  private final byte[] scratch;
  private final ByteBuffer out;
  private int header;
  private int end;

  /**
   * @param maxPayloadBytes of one RTP payload
   */
  Av1Packetizer(int maxPayloadBytes) {
    scratch = new byte[maxPayloadBytes];
    out = ByteBuffer.wrap(scratch);
  }

  @Override
  public void frame(ByteBuffer frame, boolean keyframe, Sink sink) {
    List<Obu> obus = new ArrayList<>();
    try {
      for (Obu each : Obu.split(frame)) {
        switch (each.type()) {
          case Obu.TEMPORAL_DELIMITER, Obu.TILE_LIST, Obu.PADDING -> {}
          default -> obus.add(each);
        }
      }
    } catch (MalformedMedia e) {
      // A receiver could make nothing of it either.
      return;
    }
    header = keyframe ? Av1Layout.NEW_SEQUENCE : 0;
    end = HEADER_BYTES;
    for (int i = 0; i < obus.size(); i++) {
      obu(frame, obus.get(i), i == obus.size() - 1, sink);
    }
  }

  private void obu(ByteBuffer frame, Obu obu, boolean last, Sink sink) {
    int total = obu.headerBytes() + obu.payloadBytes();
    int sent = 0;
    while (sent < total) {
      int left = total - sent;
      int room = scratch.length - end;
      if (room < SMALLEST_ELEMENT) {
        give(false, sink);
        continue;
      }
      boolean alone = end == HEADER_BYTES && left >= room - LONGEST_LENGTH;
      int piece = alone ? Math.min(left, room) : fitting(left, room);
      int lengthBytes = alone ? 0 : Leb128.bytesOf(piece);
      boolean nothingBehind = room - piece - lengthBytes < SMALLEST_ELEMENT || alone;
      if (piece == left && !last && nothingBehind && piece > 1) {
        piece--;
      }
      if (alone) {
        header |= Av1Layout.ONE_ELEMENT;
      } else {
        out.clear().position(end);
        Leb128.put(out, piece);
        end = out.position();
      }
      copy(frame, obu, sent, piece);
      end += piece;
      sent += piece;
      if (sent < total) {
        header |= Av1Layout.UNFINISHED;
        give(false, sink);
        header = Av1Layout.CONTINUES;
      } else if (last) {
        give(true, sink);
      } else if (alone) {
        give(false, sink);
      }
    }
  }

  /** Most bytes that fit behind their length. */
  private static int fitting(int left, int room) {
    int lengthBytes = 1;
    int piece = Math.min(left, room - lengthBytes);
    while (Leb128.bytesOf(piece) > lengthBytes) {
      lengthBytes++;
      piece = Math.min(left, room - lengthBytes);
    }
    return piece;
  }

  /** Copies bytes of an OBU as it is without its size. */
  private void copy(ByteBuffer frame, Obu obu, int from, int count) {
    int headerLeft = Math.min(Math.max(0, obu.headerBytes() - from), count);
    for (int i = 0; i < headerLeft; i++) {
      int value = frame.get(obu.from() + from + i);
      scratch[end + i] = (byte) (from + i == 0 ? value & ~Obu.HAS_SIZE : value);
    }
    int at = obu.payloadFrom() + Math.max(0, from - obu.headerBytes());
    frame.get(at, scratch, end + headerLeft, count - headerLeft);
  }

  private void give(boolean marker, Sink sink) {
    scratch[0] = (byte) header;
    sink.payload(out.clear().limit(end), marker);
    header = 0;
    end = HEADER_BYTES;
  }
}
