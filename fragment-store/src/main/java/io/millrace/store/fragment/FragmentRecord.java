package io.millrace.store.fragment;

import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.Marks;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * A fragment as a record of the shard log. Marks: counter, producer time (ns), server time (ms),
 * duration (ns). Attributes: 4 salt, 4 format id, 4 flags. The arrival time is the server time.
 */
final class FragmentRecord {
  /** Kind of the record. */
  static final int KIND = 1;

  private static final int ATTRIBUTE_BYTES = 12;

  private FragmentRecord() {}

  static Entry entry(NewFragment fragment) {
    FragmentNumber number = fragment.number();
    ByteBuffer attributes = ByteBuffer.allocate(ATTRIBUTE_BYTES);
    attributes.putInt(number.salt()).putInt(fragment.formatId()).putInt(fragment.flags()).flip();
    return new Entry(
        KIND,
        number.serverTimeMillis(),
        new Marks(
            number.counter(),
            fragment.producerTimeNanos(),
            number.serverTimeMillis(),
            fragment.durationNanos()),
        attributes,
        Entry.NO_BYTES,
        List.of(fragment.payload()));
  }

  static FragmentEntry entry(Head head) {
    Marks marks = marks(head);
    ByteBuffer attributes = head.attributes().duplicate();
    FragmentNumber number = new FragmentNumber(marks.first(), marks.third(), attributes.getInt());
    return new FragmentEntry(
        number,
        marks.second(),
        marks.third(),
        marks.fourth(),
        head.payloadBytes(),
        attributes.getInt(),
        attributes.getInt());
  }

  static Marks marks(Head head) {
    return Objects.requireNonNull(head.marks(), "a fragment has marks");
  }

  static boolean is(Head head, FragmentNumber number) {
    Marks marks = marks(head);
    return marks.first() == number.counter()
        && marks.third() == number.serverTimeMillis()
        && head.attributes().getInt(head.attributes().position()) == number.salt();
  }
}
