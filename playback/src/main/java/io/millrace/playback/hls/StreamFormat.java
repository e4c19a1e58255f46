package io.millrace.playback.hls;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.media.codec.Codec;
import io.millrace.media.codec.CodecSetup;
import io.millrace.media.codec.CodecStrings;
import io.millrace.media.codec.Framing;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.mp4.InitSegment;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import io.millrace.playback.sound.SoundSource;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What all fragments with one format id have in common: the track that playlists call 1 (the first
 * video track, or the first audio track where there is no video) and the one they call 2 (the first
 * audio track beside video, where players can be given it). Where the sound is Opus, 3 is the same
 * made into AAC, for players that do not know Opus.
 *
 * @param frameRate of track 1 in frames per second, 0 for audio
 * @param width of track 1 in pixels, 0 for audio
 * @param height of track 1 in pixels, 0 for audio
 */
record StreamFormat(
    PlayableTrack first,
    Optional<PlayableTrack> second,
    Optional<PlayableTrack> third,
    double frameRate,
    int width,
    int height) {
  static final int AAC_TRACK = 3;

  /**
   * Looks into a fragment.
   *
   * @throws AwsException with the error of the session API for what cannot be played
   */
  static StreamFormat of(MkvFragment fragment) {
    List<Track> tracks = fragment.header().tracks();
    Optional<Track> video = ofType(tracks, TrackType.VIDEO);
    Optional<Track> audio = ofType(tracks, TrackType.AUDIO);
    Track main =
        video
            .or(() -> audio)
            .orElseThrow(
                () ->
                    AwsError.UNSUPPORTED_STREAM_MEDIA_TYPE.because(
                        "The fragment has neither a video nor an audio track"));
    PlayableTrack first = playable(fragment, main, 1);
    Optional<PlayableTrack> second =
        video.isPresent()
            ? audio.filter(StreamFormat::audible).map(track -> playable(fragment, track, 2))
            : Optional.empty();
    Optional<PlayableTrack> third =
        audio
            .filter(track -> Codec.of(track).playable())
            .flatMap(SoundSource::of)
            .map(source -> encoded(AAC_TRACK, source));
    if (video.isEmpty()) {
      return new StreamFormat(first, second, third, 0, 0, 0);
    }
    try {
      CodecStrings.Picture picture = CodecStrings.picture(first.track());
      double rate = picture.frameRate() > 0 ? picture.frameRate() : measuredRate(fragment, main);
      return new StreamFormat(first, second, third, rate, picture.width(), picture.height());
    } catch (MediaException e) {
      throw invalid(1, e);
    }
  }

  private static Optional<Track> ofType(List<Track> tracks, TrackType type) {
    return tracks.stream().filter(track -> track.type() == type).findFirst();
  }

  /** Sound that nobody here can decode is left out: it is no reason not to show the pictures. */
  private static boolean audible(Track audio) {
    return Codec.of(audio).playable() || SoundSource.of(audio).isPresent();
  }

  private static PlayableTrack playable(MkvFragment fragment, Track declared, int number) {
    Codec codec = Codec.of(declared);
    Optional<SoundSource> source = SoundSource.of(declared);
    if (source.isPresent() && !codec.playable()) {
      return encoded(number, source.get());
    }
    boolean wanted = codec.isVideo() == (declared.type() == TrackType.VIDEO);
    if (!codec.playable() || !wanted) {
      throw AwsError.UNSUPPORTED_STREAM_MEDIA_TYPE.because(
          "The type of the media of track %d cannot be played: %s"
              .formatted(number, declared.codecId()));
    }
    ByteBuffer frame =
        fragment.frames().stream()
            .filter(f -> f.trackNumber() == declared.number())
            .findFirst()
            .map(Frame::data)
            .orElse(ByteBuffer.allocate(0));
    try {
      CodecSetup setup = CodecSetup.find(declared, frame);
      Track track =
          new Track(
              declared.number(),
              declared.uid(),
              declared.type(),
              declared.name(),
              declared.codecId(),
              setup.codecPrivate(),
              declared.defaultDurationNanos(),
              declared.video(),
              declared.audio());
      return new PlayableTrack(
          track,
          setup.framing(),
          CodecStrings.of(track),
          buffer(InitSegment.of(track)),
          Optional.empty());
    } catch (CodecSetup.Unrepairable e) {
      throw declared.codecPrivate().isEmpty()
          ? AwsError.MISSING_CODEC_PRIVATE_DATA.because(
              "Missing codec private data in fragment for track " + number + ".")
          : invalid(number, e);
    } catch (MediaException e) {
      throw invalid(number, e);
    }
  }

  private static PlayableTrack encoded(int number, SoundSource source) {
    Track track = source.asAac();
    try {
      return new PlayableTrack(
          track,
          Framing.NATIVE,
          CodecStrings.of(track),
          buffer(InitSegment.of(track)),
          Optional.of(source));
    } catch (MediaException e) {
      throw invalid(number, e);
    }
  }

  private static AwsException invalid(int number, Exception cause) {
    return AwsError.INVALID_CODEC_PRIVATE_DATA.because(
        "Invalid codec private data in fragment for track %d: %s"
            .formatted(number, cause.getMessage()));
  }

  private static double measuredRate(MkvFragment fragment, Track track) {
    if (track.defaultDurationNanos() > 0) {
      return 1e9 / track.defaultDurationNanos();
    }
    long[] times =
        fragment.frames().stream()
            .filter(frame -> frame.trackNumber() == track.number())
            .mapToLong(Frame::ptsNanos)
            .sorted()
            .toArray();
    int last = times.length - 1;
    return last > 0 && times[last] > times[0] ? last * 1e9 / (times[last] - times[0]) : 0;
  }

  private static Buffer buffer(ByteBuffer bytes) {
    Buffer copy = Buffer.buffer(bytes.remaining());
    copy.setBytes(0, bytes.slice());
    return copy;
  }

  /**
   * The track that playlists call by this number.
   *
   * @throws AwsException RESOURCE_NOT_FOUND when there is none
   */
  PlayableTrack track(int number) {
    return switch (number) {
      case 1 -> first;
      case AAC_TRACK -> third.or(() -> second).orElseThrow(() -> missing(number));
      default -> second.orElseThrow(() -> missing(number));
    };
  }

  private static AwsException missing(int number) {
    return AwsError.RESOURCE_NOT_FOUND.because("The fragment has no track " + number);
  }

  /** Codec strings of all tracks as a playlist lists them. */
  String codecs() {
    return codecsWith(second);
  }

  /** The same with sound as AAC; empty where the sound is nothing else anyway. */
  Optional<String> codecsWithAac() {
    return second.isPresent()
        ? third.map(aac -> codecsWith(third))
        : third.map(PlayableTrack::codec);
  }

  private String codecsWith(Optional<PlayableTrack> sound) {
    return sound.map(audio -> first.codec() + "," + audio.codec()).orElse(first.codec());
  }
}
