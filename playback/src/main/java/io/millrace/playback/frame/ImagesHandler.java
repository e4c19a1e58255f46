package io.millrace.playback.frame;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.wire.OperationContext;
import io.millrace.media.track.Frame;
import io.millrace.playback.source.EntryTimes;
import io.millrace.playback.source.Nanos;
import io.millrace.playback.source.SourceStream;
import io.millrace.playback.source.StreamFinder;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetImagesRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetImagesResponse;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.Image;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ImageError;

/**
 * GetImages: one entry per sampling instant with the frame on display then. All instants that fall
 * into one fragment are answered by one decode of it.
 */
final class ImagesHandler {
  private final StreamFinder streams;
  private final FrameFinder finder;
  private final PictureSource pictures;
  private final FrameSettings settings;

  ImagesHandler(
      StreamFinder streams, FrameFinder finder, PictureSource pictures, FrameSettings settings) {
    this.streams = streams;
    this.finder = finder;
    this.pictures = pictures;
    this.settings = settings;
  }

  Future<GetImagesResponse> handle(OperationContext context, GetImagesRequest request) {
    SourceStream stream = streams.find(request.streamName(), request.streamARN());
    SamplingPlan plan = SamplingPlan.of(stream, request);
    if (stream.info().retentionHours() == 0) {
      throw AwsError.NO_DATA_RETENTION.because(
          "The stream has a retention of 0 hours, so there are no images");
    }
    return new Page(context, stream, plan).fill();
  }

  private final class Page {
    private final OperationContext context;
    private final SourceStream stream;
    private final SamplingPlan plan;
    private final List<Image> images = new ArrayList<>();
    private final int end;
    private long bytes;
    private int next;

    Page(OperationContext context, SourceStream stream, SamplingPlan plan) {
      this.context = context;
      this.stream = stream;
      this.plan = plan;
      this.next = plan.first();
      this.end = Math.min(plan.instants(), plan.first() + plan.limit());
    }

    Future<GetImagesResponse> fill() {
      if (next >= end || bytes >= settings.pageBytes()) {
        GetImagesResponse.Builder page = GetImagesResponse.builder().images(images);
        if (next < plan.instants()) {
          page.nextToken(plan.token(stream, next));
        }
        return Future.succeededFuture(page.build());
      }
      return context
          .onContext(finder.at(stream, plan.axis(), plan.instant(next)))
          .recover(failure -> Future.failedFuture(StreamFinder.failure(failure)))
          .compose(this::sample)
          .compose(sampled -> fill());
    }

    private Future<Void> sample(ShownFrame shown) {
      return switch (shown) {
        case ShownFrame.Found(FragmentVideo video, Frame frame) -> decode(video, frame);
        case ShownFrame.NoVideo() -> error(ImageError.MEDIA_ERROR);
        case ShownFrame.Gap gap -> error(ImageError.NO_MEDIA);
      };
    }

    private Future<Void> error(ImageError error) {
      images.add(image().error(error).build());
      next++;
      return Future.succeededFuture();
    }

    private Image.Builder image() {
      Instant instant = Nanos.toInstant(plan.instant(next));
      return Image.builder().timeStamp(instant);
    }

    /** Answers the next instant and those after it that lie in the same fragment. */
    private Future<Void> decode(FragmentVideo video, Frame first) {
      Map<Integer, Frame> frames = new LinkedHashMap<>();
      frames.put(next, first);
      long fragmentEnd = EntryTimes.endNanos(video.entry(), plan.axis());
      for (int i = next + 1;
          i < end && plan.instant(i) < fragmentEnd && frames.size() < settings.picturesPerJob();
          i++) {
        Optional<Frame> frame = video.at(plan.axis(), plan.instant(i));
        if (frame.isEmpty()) {
          break;
        }
        frames.put(i, frame.get());
      }
      return context
          .onContext(pictures.pictures(video, new LinkedHashSet<>(frames.values()), plan.format()))
          .map(Optional::of)
          .recover(ImagesHandler::undecodable)
          .map(
              made -> {
                add(frames, made.orElse(List.of()));
                return null;
              });
    }

    private void add(Map<Integer, Frame> frames, List<Picture> made) {
      Map<Long, ByteBuffer> byTime = new HashMap<>();
      for (Picture picture : made) {
        if (picture instanceof Picture.Encoded encoded) {
          byTime.put(encoded.ptsNanos(), encoded.data());
        }
      }
      for (Frame frame : frames.values()) {
        ByteBuffer data = byTime.get(frame.ptsNanos());
        if (data == null || data.remaining() > settings.imageBytes()) {
          images.add(image().error(ImageError.MEDIA_ERROR).build());
        } else {
          images.add(image().imageContent(base64(data)).build());
          bytes += data.remaining();
        }
        next++;
      }
    }
  }

  /** A fragment that cannot be decoded makes entries with an error; other faults are told. */
  private static Future<Optional<List<Picture>>> undecodable(Throwable failure) {
    RuntimeException told = PictureSource.failure(failure);
    return told instanceof AwsException known && known.error() == AwsError.INVALID_MEDIA_FRAME
        ? Future.succeededFuture(Optional.empty())
        : Future.failedFuture(told);
  }

  private static String base64(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
