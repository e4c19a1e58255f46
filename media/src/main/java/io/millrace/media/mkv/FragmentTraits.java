package io.millrace.media.mkv;

import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.VideoFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What the two numbers that the store keeps for every fragment, but does not understand, mean.
 *
 * @param startsWithKeyframe the first video frame is a keyframe; without video, always
 * @param hasVideo it holds frames of a video track
 * @param hasAudio it holds frames of an audio track
 * @param firstOfSession it is the first of a producer's connection, so a gap may lie before it
 * @param explicitEnd the producer marked its end, so it may end before its GOP does
 * @param annexB its video frames are in Annex B form
 * @param hasTags the producer sent tags with it
 * @param firstPictureMillis its first picture in presentation order is shown so long after the
 *     Cluster's timecode, from -32,768 to 32,767; 0 without video. A camera that drops the first
 *     picture of a second, or sends sound first, makes it differ from 0
 * @param capture how far its times and frames can be trusted
 */
public record FragmentTraits(
    boolean startsWithKeyframe,
    boolean hasVideo,
    boolean hasAudio,
    boolean firstOfSession,
    boolean explicitEnd,
    boolean annexB,
    boolean hasTags,
    int firstPictureMillis,
    CaptureTraits capture) {
  private static final int STARTS_WITH_KEYFRAME = 1;
  private static final int HAS_VIDEO = 1 << 1;
  private static final int HAS_AUDIO = 1 << 2;
  private static final int FIRST_OF_SESSION = 1 << 3;
  private static final int EXPLICIT_END = 1 << 4;
  private static final int ANNEX_B = 1 << 5;
  private static final int HAS_TAGS = 1 << 6;
  private static final int FIRST_PICTURE_SHIFT = 16;

  public FragmentTraits {
    if (firstPictureMillis != (short) firstPictureMillis) {
      throw new IllegalArgumentException("first picture after " + firstPictureMillis + " ms");
    }
  }

  /** The traits in the flags of a stored entry. */
  public static FragmentTraits of(int flags) {
    return new FragmentTraits(
        (flags & STARTS_WITH_KEYFRAME) != 0,
        (flags & HAS_VIDEO) != 0,
        (flags & HAS_AUDIO) != 0,
        (flags & FIRST_OF_SESSION) != 0,
        (flags & EXPLICIT_END) != 0,
        (flags & ANNEX_B) != 0,
        (flags & HAS_TAGS) != 0,
        flags >> FIRST_PICTURE_SHIFT,
        CaptureTraits.of(flags));
  }

  /** The flags to store. */
  public int flags() {
    return (startsWithKeyframe ? STARTS_WITH_KEYFRAME : 0)
        | (hasVideo ? HAS_VIDEO : 0)
        | (hasAudio ? HAS_AUDIO : 0)
        | (firstOfSession ? FIRST_OF_SESSION : 0)
        | (explicitEnd ? EXPLICIT_END : 0)
        | (annexB ? ANNEX_B : 0)
        | (hasTags ? HAS_TAGS : 0)
        | capture.flags()
        | (firstPictureMillis << FIRST_PICTURE_SHIFT);
  }

  /**
   * Format id of a set of tracks: CRC-32C over number, type, codec id, codec private data and the
   * declared picture and sound formats of each, in order. Equal for equal decoder setup, on every
   * machine and in every version.
   */
  public static int formatId(List<Track> tracks) {
    CRC32C crc = new CRC32C();
    ByteBuffer numbers = ByteBuffer.allocate(48);
    for (Track track : tracks) {
      byte[] codec = track.codecId().getBytes(StandardCharsets.UTF_8);
      VideoFormat video = track.video().orElse(new VideoFormat(0, 0));
      AudioFormat audio = track.audio().orElse(new AudioFormat(0, 0, 0));
      numbers
          .clear()
          .putInt(track.number())
          .putInt(
              switch (track.type()) {
                case VIDEO -> 1;
                case AUDIO -> 2;
                case OTHER -> 3;
              })
          .putInt(video.width())
          .putInt(video.height())
          .putDouble(audio.samplingHz())
          .putInt(audio.channels())
          .putInt(audio.bitDepth())
          .putInt(codec.length)
          .putInt(track.codecPrivate().size())
          .flip();
      crc.update(numbers);
      crc.update(codec);
      crc.update(track.codecPrivate().view());
    }
    return (int) crc.getValue();
  }
}
