package io.millrace.playback.frame;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.media.track.Frame;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Turns frames of a fragment into pictures. */
final class PictureSource {
  private final DecoderPool pool;

  PictureSource(DecoderPool pool) {
    this.pool = pool;
  }

  /**
   * Decodes some frames of one fragment in one job, answered in file order; fails with {@link
   * DecodeException}.
   */
  CompletionStage<List<Picture>> pictures(
      FragmentVideo video, Set<Frame> wanted, PictureFormat format) {
    List<AccessUnit> units = video.unitsFor(wanted);
    if (units.isEmpty()) {
      return CompletableFuture.failedFuture(
          new DecodeException(
              DecodeException.Kind.MEDIA,
              "the frame depends on a keyframe that is not in its fragment"));
    }
    return pool.decode(
        new DecodeRequest(video.track().codecId(), video.track().codecPrivate(), units, format));
  }

  /** What a client is told when a job fails as a whole. */
  static RuntimeException failure(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof DecodeException decode) {
      String message = String.valueOf(decode.getMessage());
      return switch (decode.kind()) {
        case MEDIA -> undecodable(message);
        case BUSY -> AwsError.CLIENT_LIMIT_EXCEEDED.because(message);
        case UNAVAILABLE -> AwsError.SERVICE_UNAVAILABLE.because(message);
      };
    }
    return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
  }

  static AwsException undecodable(String reason) {
    return AwsError.INVALID_MEDIA_FRAME.because("No picture can be made: " + reason);
  }
}
