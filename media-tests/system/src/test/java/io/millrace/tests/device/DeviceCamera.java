package io.millrace.tests.device;

import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoFrame;
import io.millrace.server.demo.ClockCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** Pictures with the time at which each was taken drawn in, pushed at their pace. */
final class DeviceCamera {
  static final int WIDTH = 480;
  static final int HEIGHT = 280;
  static final int PER_SECOND = 25;

  private static final byte WHITE = (byte) 235;
  private static final byte BLACK = 16;
  private static final byte NO_COLOUR = (byte) 128;

  private final CustomVideoSource source;

  DeviceCamera(CustomVideoSource source) {
    this.source = source;
  }

  /** Films so long. */
  void film(Duration time) {
    long interval = Duration.ofSeconds(1).toNanos() / PER_SECOND;
    long begin = System.nanoTime();
    long due = begin;
    for (long number = 0; due - begin < time.toNanos(); number++) {
      for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
        LockSupport.parkNanos(due - now);
      }
      picture(number);
      // As cameras do, it leaves out what it was too late for, and takes no two at once.
      long earliest = System.nanoTime() + interval / 2;
      due += Math.max(1, Math.ceilDiv(earliest - due, interval)) * interval;
    }
  }

  private void picture(long number) {
    NativeI420Buffer picture = NativeI420Buffer.allocate(WIDTH, HEIGHT);
    fill(picture.getDataU(), NO_COLOUR);
    fill(picture.getDataV(), NO_COLOUR);
    // The clock of the library is the one of nanoTime.
    long takenNanos = System.nanoTime();
    draw(picture, (byte) (40 + number % 150), Instant.now().toEpochMilli());
    VideoFrame frame = new VideoFrame(picture, takenNanos);
    source.pushFrame(frame);
    frame.release();
  }

  private static void fill(ByteBuffer plane, byte value) {
    for (int i = 0; i < plane.capacity(); i++) {
      plane.put(i, value);
    }
  }

  private static void draw(NativeI420Buffer picture, byte ground, long millis) {
    ByteBuffer luma = picture.getDataY();
    fill(luma, ground);
    long cells = ClockCode.cells(millis);
    for (int y = 0; y < HEIGHT / ClockCode.HEIGHT_PARTS; y++) {
      for (int x = 0; x < WIDTH; x++) {
        long bit = cells >>> (ClockCode.CELLS - 1 - x * ClockCode.CELLS / WIDTH) & 1;
        luma.put(y * picture.getStrideY() + x, bit == 1 ? WHITE : BLACK);
      }
    }
  }
}
