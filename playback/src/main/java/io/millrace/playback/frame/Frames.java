package io.millrace.playback.frame;

import io.millrace.api.wire.OperationRouter;
import io.millrace.playback.frame.PictureFormat.Encoding;
import io.millrace.playback.source.StreamFinder;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetImagesRequest;

/** Pictures out of stored video: GetImages and the frame routes over one pool of decoders. */
public final class Frames implements AutoCloseable {
  private final DecoderPool pool;
  private final FrameRoute route;
  private final ImagesHandler images;

  /**
   * Starts the decoder workers in the background.
   *
   * @param threads makes the decoder drivers
   */
  public Frames(
      StreamFinder streams,
      FrameSettings settings,
      DecoderSettings decoders,
      InstantSource clock,
      ThreadFactory threads) {
    pool = new DecoderPool(decoders, threads);
    FrameFinder finder = new FrameFinder(settings.gapTolerance());
    PictureSource pictures = new PictureSource(pool);
    route = new FrameRoute(streams, finder, pictures, clock);
    images = new ImagesHandler(streams, finder, pictures, settings);
  }

  /** Adds GetImages, {@code frame.jpg} and {@code frame.png}. */
  public void register(OperationRouter router) {
    router
        .service("kinesis-video-archived-media")
        .operation("GetImages", GetImagesRequest::builder, images::handle);
    router.route(
        HttpMethod.GET,
        "/v1/streams/{name}/frame.jpg",
        context -> route.handle(context, Encoding.JPEG));
    router.route(
        HttpMethod.GET,
        "/v1/streams/{name}/frame.png",
        context -> route.handle(context, Encoding.PNG));
  }

  /** The pool, for those who have other work for its workers. */
  public DecoderPool decoders() {
    return pool;
  }

  public DecoderMetrics metrics() {
    return pool.metrics();
  }

  /** Kills the workers; pictures being made fail. */
  @Override
  public void close() {
    pool.close();
  }
}
