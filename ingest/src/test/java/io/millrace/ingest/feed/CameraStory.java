package io.millrace.ingest.feed;

import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.rtp.send.RtpSender;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What one camera sends over a bad network, and when what of it arrives: packets get lost, are late
 * and overtake each other, the network goes down once, and the camera begins anew with another
 * clock. The server's clock stands at {@link FeedsOfAStore#START} first. Every other story has
 * B-frames; in some the camera tells its time late or never.
 */
final class CameraStory {
  private static final long MILLI = FeedsOfAStore.MILLI;
  private static final long FRAME = FeedsOfAStore.FRAME;

  static final RtpFormat FORMAT = new RtpFormat(96, "H264", 90_000, 0, Map.of());
  private static final int GROUP = 25;
  private static final int REPORT_FRAMES = 50;
  private static final int CALM_FRAMES = 15;
  private static final int NAME_DIGITS = 8;
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] SPS = HEX.parseHex("6742c00ad90203610000030001000003003c8f1226e0");
  private static final byte[] PPS = HEX.parseHex("68cb8cb2");

  /**
   * A frame that was sent.
   *
   * @param id its place in the order sent
   * @param life how often the camera began anew before
   * @param shown its place in the order shown, within its life
   */
  record Sent(int id, int life, long shown) {}

  /**
   * A packet that arrives.
   *
   * @param atNanos since the beginning
   */
  record Packet(long atNanos, boolean control, byte[] bytes) {}

  private final List<Sent> sent = new ArrayList<>();
  private final List<Packet> packets = new ArrayList<>();
  private final SplittableRandom random;
  private final boolean reorders;
  private final boolean reports;
  private final int firstReport;
  private final Track track = PayloadFormats.track(1, FORMAT);
  private double lossShare;
  private long jitterNanos;
  private long nowNanos;
  private long downFromNanos = Long.MAX_VALUE;
  private long downToNanos = Long.MAX_VALUE;
  private int life = -1;
  private int number;
  private long bootedNanos;
  private long offNanos;
  private RtpSender sender;

  private CameraStory(long seed) {
    random = new SplittableRandom(seed);
    reorders = random.nextBoolean();
    reports = random.nextInt(8) > 0;
    firstReport = random.nextBoolean() ? 0 : random.nextInt(REPORT_FRAMES);
  }

  static CameraStory of(long seed) {
    CameraStory story = new CameraStory(seed);
    story.tell();
    return story;
  }

  /** Every frame, in the order sent. */
  List<Sent> sent() {
    return sent;
  }

  /** What arrives of them, not yet in that order. */
  List<Packet> packets() {
    return packets;
  }

  private void tell() {
    boot();
    play(CALM_FRAMES);
    lossShare = 0.01;
    jitterNanos = 200 * MILLI;
    play(40 + random.nextInt(60));
    long outage = random.nextLong(7000) * MILLI;
    downFromNanos = nowNanos;
    downToNanos = nowNanos + outage;
    play((int) (outage / FRAME) + 40 + random.nextInt(60));
    nowNanos += FRAME;
    boot();
    play(40 + random.nextInt(100));
    lossShare = 0;
    jitterNanos = 0;
    play(2 * CALM_FRAMES);
  }

  /** Begins anew with a clock that is up to 1.5 s off, or nearly right. */
  private void boot() {
    life++;
    number = 0;
    bootedNanos = nowNanos;
    long most = random.nextBoolean() ? 120 : 1500;
    offNanos = random.nextLong(-most, most) * MILLI;
    sender =
        new RtpSender(
            track, FORMAT.payloadType(), FORMAT.clockRate(), 1200, false, random, this::media);
  }

  private void play(int frames) {
    for (int i = 0; i < frames; i++, number++) {
      nowNanos = bootedNanos + number * FRAME;
      int in = number % GROUP;
      long shown = number - in + shown(in);
      int id = sent.size();
      sent.add(new Sent(id, life, shown));
      long captured = FeedsOfAStore.START + bootedNanos + shown * FRAME + offNanos;
      sender.frame(track, captured, in == 0, false, picture(id, in == 0));
      if (reports && number % REPORT_FRAMES == firstReport) {
        arrive(ByteBuffer.wrap(sender.senderReport("camera")), true);
      }
    }
  }

  /** With B-frames a picture is sent before the two that are shown before it. */
  private int shown(int in) {
    if (!reorders || in == 0) {
      return in;
    }
    return in % 3 == 1 ? in + 2 : in - 1;
  }

  private void media(ByteBuffer packet) {
    arrive(packet, false);
  }

  private void arrive(ByteBuffer packet, boolean control) {
    boolean down = nowNanos >= downFromNanos && nowNanos < downToNanos;
    if (!down && random.nextDouble() >= lossShare) {
      byte[] bytes = new byte[packet.remaining()];
      packet.get(bytes);
      long delay = MILLI / 10 + (jitterNanos == 0 ? 0 : random.nextLong(jitterNanos));
      packets.add(new Packet(nowNanos + delay, control, bytes));
    }
  }

  private ByteBuffer picture(int id, boolean key) {
    int size = 300 + random.nextInt(key ? 12_000 : 3000);
    ByteBuffer out = ByteBuffer.allocate(3 * Integer.BYTES + SPS.length + PPS.length + size);
    if (key) {
      out.putInt(SPS.length).put(SPS).putInt(PPS.length).put(PPS);
    }
    out.putInt(size).put((byte) (key ? 0x65 : 0x41)).put((byte) 0x88);
    out.put("%08d".formatted(id).getBytes(StandardCharsets.US_ASCII));
    for (int i = 2 + NAME_DIGITS; i < size; i++) {
      out.put((byte) 0x55);
    }
    return out.flip();
  }

  /** Which frame it is, by what it holds. */
  static int id(ByteBuffer data) {
    byte[] all = new byte[data.remaining()];
    data.duplicate().get(all);
    int at = 0;
    while ((all[at + Integer.BYTES] & 31) > 5) {
      at += Integer.BYTES + ByteBuffer.wrap(all).getInt(at);
    }
    return Integer.parseInt(new String(all, at + 6, NAME_DIGITS, StandardCharsets.US_ASCII));
  }
}
