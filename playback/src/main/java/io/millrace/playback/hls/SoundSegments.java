package io.millrace.playback.hls;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.media.mp4.Timescale;
import io.millrace.media.track.Frame;
import io.millrace.playback.frame.DecodeException;
import io.millrace.playback.frame.DecoderPool;
import io.millrace.playback.sound.AacFrame;
import io.millrace.playback.sound.SoundBounds;
import io.millrace.playback.sound.SoundPlan;
import io.millrace.playback.sound.SoundSource;
import io.millrace.playback.source.SourceStream;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Media segments of sound that is stored in another codec than players take. */
final class SoundSegments {
  private final Vertx vertx;
  private final DecoderPool decoders;
  private final HlsCounters counters;

  SoundSegments(Vertx vertx, DecoderPool decoders, HlsCounters counters) {
    this.vertx = vertx;
    this.decoders = decoders;
    this.counters = counters;
  }

  /** Encodes the sound of a fragment, with a run-up out of the one before it. */
  Future<Segment> build(
      OperationContext context,
      SourceStream stream,
      FragmentEntry entry,
      PlayableTrack playable,
      SoundSource source) {
    Future<ByteBuffer> own = context.onContext(stream.log().read(entry));
    Future<Optional<Payload>> before = before(context, stream, entry);
    return Future.join(own, before)
        .compose(
            both -> vertx.executeBlocking(() -> plan(source, before.result(), entry, own.result())))
        .compose(
            plan ->
                context
                    .onContext(decoders.run(plan.task()))
                    .recover(failure -> Future.failedFuture(failure(failure)))
                    .map(encoded -> segment(entry, playable, plan.wanted(encoded))));
  }

  private record Payload(FragmentEntry entry, ByteBuffer bytes) {}

  /** The fragment before on the producer's clock, where there is one of the same format. */
  private static Future<Optional<Payload>> before(
      OperationContext context, SourceStream stream, FragmentEntry entry) {
    return context
        .onContext(stream.log().at(TimeAxis.PRODUCER, entry.producerTimeNanos() - 1))
        .compose(
            found -> {
              Optional<FragmentEntry> same = found.filter(e -> e.formatId() == entry.formatId());
              if (same.isEmpty()) {
                return Future.succeededFuture(Optional.<Payload>empty());
              }
              return context
                  .onContext(stream.log().read(same.get()))
                  .map(bytes -> Optional.of(new Payload(same.get(), bytes)))
                  .otherwise(Optional.empty());
            });
  }

  private static SoundPlan plan(
      SoundSource source, Optional<Payload> before, FragmentEntry entry, ByteBuffer payload) {
    try {
      return SoundPlan.of(
          source,
          before.map(found -> stored(found.entry, found.bytes)),
          stored(entry, payload),
          SoundBounds.DEFAULTS);
    } catch (IllegalArgumentException e) {
      throw AwsError.RESOURCE_NOT_FOUND.because("The fragment cannot be played: " + e.getMessage());
    }
  }

  private static SoundPlan.Stored stored(FragmentEntry entry, ByteBuffer payload) {
    return new SoundPlan.Stored(entry, FormatCatalog.parse(entry, payload));
  }

  private Segment segment(FragmentEntry entry, PlayableTrack playable, List<AacFrame> encoded) {
    Timescale scale = new Timescale(playable.source().orElseThrow().samplingHz());
    List<Frame> frames =
        encoded.stream()
            .map(
                f ->
                    new Frame(
                        playable.track().number(), scale.nanos(f.sample()), 0, true, f.data()))
            .toList();
    counters.soundSegmentsEncoded.increment();
    return Segment.of(entry, playable, frames, 0);
  }

  private static Throwable failure(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof DecodeException decode) {
      String reason = "No sound can be made: " + decode.getMessage();
      return switch (decode.kind()) {
        case MEDIA -> AwsError.INVALID_MEDIA_FRAME.because(reason);
        case BUSY -> AwsError.CLIENT_LIMIT_EXCEEDED.because(reason);
        case UNAVAILABLE -> AwsError.SERVICE_UNAVAILABLE.because(reason);
      };
    }
    return cause;
  }
}
