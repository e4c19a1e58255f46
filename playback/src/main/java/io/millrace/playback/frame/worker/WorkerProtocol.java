package io.millrace.playback.frame.worker;

/**
 * The bytes on a worker's pipes. All numbers are big endian; text is a 4-byte length and UTF-8.
 *
 * <pre>
 * hello   := HELLO text(libav version, or why libav cannot load when it begins with '!')
 * job     := JOB text(codec) i32(private size) private bytes
 *            u8(0 JPEG | 1 PNG) i32(quality 1..100) i32(width, 0 free) i32(height, 0 free)
 *            i32(units) unit*
 * unit    := i64(pts ns) u8(1 when its picture is wanted) i32(size) bytes
 * reply   := REPLY text(job error, empty when none) i64(resident bytes) i32(pictures) picture*
 * picture := i64(pts ns) i32(width) i32(height) i32(size) bytes
 *          | i64(pts ns) i32(0) i32(0) text(why there is none)
 * sound   := SOUND text(G711_ALAW | G711_ULAW | OPUS) i32(sampling Hz) u8(channels)
 *            i32(AAC bit/s) i32(blocks of 1,024 samples) i32(frames) sframe*
 * sframe  := i64(first sample, counted from the first block) i32(size) bytes
 * sreply  := REPLY text(job error, empty when none) i64(resident bytes) i32(frames) aframe*
 * aframe  := i64(first sample, counted from the first block) i32(size) bytes
 * </pre>
 *
 * The worker reads a whole job before it writes its reply, so neither side can wait for the other.
 */
public final class WorkerProtocol {
  /** Begins the worker's first message. */
  public static final int HELLO = 0x4d525748;

  /** Begins a job. */
  public static final int JOB = 0x4d52574a;

  /** Begins a job whose result is sound. */
  public static final int SOUND = 0x4d525753;

  /** Begins the reply to a job. */
  public static final int REPLY = 0x4d525752;

  /** Longest text either side accepts. */
  public static final int MAX_TEXT_BYTES = 4096;

  /** Largest decoder setup. */
  public static final int MAX_PRIVATE_BYTES = 1 << 20;

  /** Largest access unit. */
  public static final int MAX_UNIT_BYTES = 64 << 20;

  /** Most access units in one job. */
  public static final int MAX_UNITS = 16_384;

  /** Largest encoded frame of sound. */
  public static final int MAX_SOUND_FRAME_BYTES = 1 << 16;

  /** Most samples, of all channels, that one job encodes. */
  public static final int MAX_SOUND_SAMPLES = 60 * 48_000 * 2;

  /** Most encoded bytes in one reply; pictures beyond are answered with a reason. */
  public static final int MAX_REPLY_BYTES = 96 << 20;

  private WorkerProtocol() {}
}
