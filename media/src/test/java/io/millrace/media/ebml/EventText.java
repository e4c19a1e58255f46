package io.millrace.media.ebml;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes down every event in a line. */
final class EventText implements EbmlEvents {
  private final StringBuilder text = new StringBuilder();

  private void line(String format, Object... values) {
    text.append(format.formatted(values)).append('\n');
  }

  @Override
  public void masterStart(int id, long offset, long dataOffset) {
    line("%d [ %x at %d", offset, id, dataOffset);
  }

  @Override
  public void masterEnd(int id, long endOffset) {
    line("] %x at %d", id, endOffset);
  }

  @Override
  public void integer(int id, long value, long offset) {
    line("%d %x = %d", offset, id, value);
  }

  @Override
  public void real(int id, double value, long offset) {
    line("%d %x = %s", offset, id, value);
  }

  @Override
  public void text(int id, String value, long offset) {
    line("%d %x = %s", offset, id, value);
  }

  @Override
  public void binary(int id, byte[] value, long offset) {
    line("%d %x = %s", offset, id, Arrays.toString(value));
  }

  @Override
  public void streamStart(int id, long offset, long dataOffset, long sizeBytes) {
    line("%d %x at %d of %d", offset, id, dataOffset, sizeBytes);
  }

  @Override
  public void streamPart(ByteBuffer buffer, int from, int length) {
    line("%d bytes", length);
  }

  @Override
  public void streamEnd(long endOffset) {
    line("stream end %d", endOffset);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
