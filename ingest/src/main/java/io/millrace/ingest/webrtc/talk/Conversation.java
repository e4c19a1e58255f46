package io.millrace.ingest.webrtc.talk;

import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The master of a storage session and its viewers, as far as they are heard: viewers who send sound
 * have a place, of which there are few, and each frame of the master's sound becomes a mix while
 * anybody has one. The master's frames are the clock of it: without them nobody is heard.
 * Thread-safe.
 */
public final class Conversation {
  private final TalkSettings settings;
  private final WebRtcMetrics metrics;
  private final List<Place> places = new ArrayList<>();

  /** How many places are taken. */
  private volatile int taken;

  /** There only while somebody talks. */
  private @Nullable MixingDesk desk;

  /**
   * @param settings with at least one talker
   */
  public Conversation(TalkSettings settings, WebRtcMetrics metrics) {
    this.settings = settings;
    this.metrics = metrics;
  }

  /** Its limits. */
  public TalkSettings settings() {
    return settings;
  }

  /** A viewer comes, and may talk. */
  public Talker join() {
    return new Talker(this);
  }

  synchronized void speak(Talker talker, byte[] packet, long nowNanos) {
    Place place = placeOf(talker);
    if (place == null) {
      expire(nowNanos);
      if (places.size() >= settings.maxTalkers()) {
        metrics.unheardPackets.increment();
        return;
      }
      place = new Place(talker, settings);
      places.add(place);
      metrics.talkers.increment();
      taken = places.size();
    }
    place.spokeNanos = nowNanos;
    metrics.unheardPackets.add(place.queue.offer(packet));
  }

  private @Nullable Place placeOf(Talker talker) {
    for (Place each : places) {
      if (each.talker == talker) {
        return each;
      }
    }
    return null;
  }

  synchronized void leave(Talker talker) {
    Place place = placeOf(talker);
    if (place != null) {
      free(place);
    }
  }

  private void free(Place place) {
    places.remove(place);
    metrics.talkers.decrement();
    taken = places.size();
    if (places.isEmpty()) {
      desk = null;
    }
  }

  private void expire(long nowNanos) {
    long pauseNanos = settings.pause().toNanos();
    for (int i = places.size() - 1; i >= 0; i--) {
      if (nowNanos - places.get(i).spokeNanos > pauseNanos) {
        free(places.get(i));
      }
    }
  }

  /**
   * Whether a viewer is to be heard.
   *
   * @param nowNanos on the clock of {@link System#nanoTime}
   */
  boolean isTalking(long nowNanos) {
    if (taken == 0) {
      return false;
    }
    synchronized (this) {
      expire(nowNanos);
      return taken > 0;
    }
  }

  /**
   * Mixes a frame of the master; takes a millisecond or two, so not on an event loop.
   *
   * @param frame an Opus packet; borrowed
   * @return null where the frame is to be left as it is
   */
  @Nullable Mix mix(byte[] frame) {
    MixingDesk open;
    List<Place> heard;
    synchronized (this) {
      if (places.isEmpty()) {
        return null;
      }
      heard = List.copyOf(places);
      if (desk == null) {
        desk = new MixingDesk(settings);
      }
      open = desk;
    }
    Mix mix = open.mix(frame, heard);
    (mix == null ? metrics.unmixedFrames : metrics.mixedFrames).increment();
    return mix;
  }

  /** Frames went on as they came, since mixing took too long. */
  void missed(int frames) {
    metrics.unmixedFrames.add(frames);
  }
}
