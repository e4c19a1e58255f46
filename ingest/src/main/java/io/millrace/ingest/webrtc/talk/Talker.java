package io.millrace.ingest.webrtc.talk;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One viewer in a conversation. It has a place while it sends sound; what it hears then is the
 * stream's sound without its own. Thread-safe.
 */
public final class Talker {
  /** Frames of the stream that are on their way to the viewer: a second or more. */
  private static final int MAX_UNDERWAY = 64;

  private final Conversation conversation;
  private final Deque<Heard> underway = new ArrayDeque<>();

  /** A frame of the stream, and what this viewer gets instead. */
  private record Heard(ByteBuffer stream, ByteBuffer own) {}

  Talker(Conversation conversation) {
    this.conversation = conversation;
  }

  /**
   * The viewer sent sound.
   *
   * @param opus a packet; borrowed
   * @param nowNanos on the clock of {@link System#nanoTime}
   */
  public void speak(ByteBuffer opus, long nowNanos) {
    byte[] packet = new byte[opus.remaining()];
    opus.get(opus.position(), packet);
    conversation.speak(this, packet, nowNanos);
  }

  /** Says what the viewer gets instead of a frame that is about to come from the stream. */
  void hears(byte[] stream, byte[] own) {
    synchronized (underway) {
      if (underway.size() == MAX_UNDERWAY) {
        underway.remove();
      }
      underway.add(new Heard(ByteBuffer.wrap(stream), ByteBuffer.wrap(own)));
    }
  }

  /**
   * What the viewer is sent for a frame of the stream's sound: another one where the viewer itself
   * is in it.
   *
   * @param frame borrowed
   * @return null where it is the stream's
   */
  public @Nullable ByteBuffer hear(ByteBuffer frame) {
    synchronized (underway) {
      int before = 0;
      for (Heard each : underway) {
        if (each.stream.equals(frame)) {
          return take(before).asReadOnlyBuffer();
        }
        before++;
      }
    }
    return null;
  }

  /** What is heard instead of the frame behind so many others, which will not come any more. */
  private ByteBuffer take(int before) {
    for (int i = 0; i < before; i++) {
      underway.remove();
    }
    return underway.remove().own;
  }

  /** The viewer has gone. */
  public void leave() {
    conversation.leave(this);
    synchronized (underway) {
      underway.clear();
    }
  }
}
