package io.millrace.playback.reading;

import io.millrace.media.aac.AdtsHeader;
import io.millrace.media.bits.NalUnits;
import io.millrace.media.codec.Codec;
import io.millrace.media.codec.CodecSetup;
import io.millrace.media.codec.Framing;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h265.HevcConfig;
import io.millrace.media.mkv.FragmentTraits;
import io.millrace.media.mkv.MkvHeader;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tracks of a reading as players need them: found at the first frame of each, kept while the
 * format stays, and frames brought into the form that goes with them. Not thread-safe.
 */
final class TrackSetups {
  private static final ByteBuffer NO_FRAME = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final List<Known> tracks = new ArrayList<>();
  private int formatId;
  private boolean any;

  /** One declared track; its setup is null until a frame showed it. */
  private static final class Known {
    private final Track declared;
    private @Nullable Track playable;
    private Framing framing = Framing.NATIVE;
    private int lengthBytes = NalUnits.LENGTH_BYTES;

    Known(Track declared) {
      this.declared = declared;
    }

    void learn(ByteBuffer frame) throws CodecSetup.Unrepairable, MediaException {
      CodecSetup setup = CodecSetup.find(declared, frame);
      framing = setup.framing();
      Track track = declared.withCodecPrivate(setup.codecPrivate());
      Codec codec = Codec.of(declared);
      if (framing == Framing.NATIVE && !setup.repaired()) {
        if (codec == Codec.H264) {
          AvcConfig config = AvcConfig.parse(setup.codecPrivate().view());
          lengthBytes = config.lengthBytes();
          track = track.withCodecPrivate(AvcConfig.of(config.sps(), config.pps()).build());
        } else if (codec == Codec.H265) {
          HevcConfig config = HevcConfig.parse(setup.codecPrivate().view());
          lengthBytes = config.lengthBytes();
          track =
              track.withCodecPrivate(
                  HevcConfig.of(config.vps(), config.sps(), config.pps()).build());
        }
      }
      playable = track;
    }
  }

  /** A document's header part: forgets what was known unless it declares the same. */
  void header(MkvHeader header) {
    int id = FragmentTraits.formatId(header.tracks());
    if (any && id == formatId) {
      return;
    }
    any = true;
    formatId = id;
    tracks.clear();
    for (Track track : header.tracks()) {
      if (track.type() == TrackType.OTHER) {
        continue;
      }
      Known known = new Known(track);
      tracks.add(known);
      if (track.type() == TrackType.AUDIO) {
        learn(known, NO_FRAME);
      }
    }
  }

  private static boolean learn(Known known, ByteBuffer frame) {
    try {
      known.learn(frame);
      return true;
    } catch (CodecSetup.Unrepairable | MediaException e) {
      return false;
    }
  }

  /** Whether the first video track, or the first track where there is none, can be played. */
  boolean ready() {
    Known leading = null;
    for (Known known : tracks) {
      if (leading == null
          || (known.declared.type() == TrackType.VIDEO
              && leading.declared.type() != TrackType.VIDEO)) {
        leading = known;
      }
    }
    return leading != null && leading.playable != null;
  }

  /** Tracks that can be played, in declared order. */
  List<Track> playable() {
    List<Track> ready = new ArrayList<>();
    for (Known known : tracks) {
      if (known.playable != null) {
        ready.add(known.playable);
      }
    }
    return List.copyOf(ready);
  }

  /** Whether there is a video track, by which keyframes count. */
  boolean hasVideo() {
    return tracks.stream().anyMatch(known -> known.declared.type() == TrackType.VIDEO);
  }

  /** Whether a track shows pictures. */
  boolean isVideo(int trackNumber) {
    return tracks.stream()
        .anyMatch(
            known ->
                known.declared.number() == trackNumber && known.declared.type() == TrackType.VIDEO);
  }

  /**
   * A frame in the form that players need; null where its track is not played, or its setup is not
   * known.
   *
   * @param data as stored; a view that stays valid
   */
  @Nullable ReadFrame frame(
      int trackNumber, long captureNanos, boolean keyframe, boolean afterGap, ByteBuffer data) {
    for (Known known : tracks) {
      if (known.declared.number() == trackNumber) {
        boolean random = keyframe || known.declared.type() == TrackType.AUDIO;
        if (known.playable == null && !(random && learn(known, data))) {
          return null;
        }
        Track track = known.playable;
        ByteBuffer framed = framed(known, data);
        return track == null || framed == null
            ? null
            : new ReadFrame(track, captureNanos, random, afterGap, framed.asReadOnlyBuffer());
      }
    }
    return null;
  }

  private static @Nullable ByteBuffer framed(Known known, ByteBuffer data) {
    try {
      return switch (known.framing) {
        case NATIVE ->
            known.lengthBytes == NalUnits.LENGTH_BYTES
                ? data
                : NalUnits.joinLengthPrefixed(
                    NalUnits.splitLengthPrefixed(data, known.lengthBytes));
        case ADTS -> {
          int header = AdtsHeader.find(data).map(AdtsHeader::headerBytes).orElse(0);
          yield data.slice(data.position() + header, data.remaining() - header);
        }
        case ANNEX_B ->
            NalUnits.isAnnexB(data)
                ? NalUnits.joinLengthPrefixed(NalUnits.splitAnnexB(data))
                : data;
      };
    } catch (MediaException e) {
      return null;
    }
  }
}
