package io.millrace.playback.frame;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.playback.frame.PictureFormat.Encoding;
import io.millrace.playback.source.EntryTimes;
import io.millrace.playback.source.Nanos;
import io.millrace.playback.source.SourceStream;
import io.millrace.playback.source.StreamFinder;
import io.millrace.playback.source.WantedTime;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * {@code GET /v1/streams/{name}/frame.jpg} and {@code frame.png}: the frame on display at an
 * instant, with its own time in a header; in a gap an answer that says so.
 */
final class FrameRoute {
  private final StreamFinder streams;
  private final FrameFinder finder;
  private final PictureSource pictures;
  private final InstantSource clock;

  FrameRoute(
      StreamFinder streams, FrameFinder finder, PictureSource pictures, InstantSource clock) {
    this.streams = streams;
    this.finder = finder;
    this.pictures = pictures;
    this.clock = clock;
  }

  Future<Void> handle(OperationContext context, Encoding encoding) {
    SourceStream stream = streams.find(context.pathParameter("name"), null);
    PictureFormat format = format(context, encoding);
    TimeAxis axis = EntryTimes.axis(context);
    WantedTime wanted =
        WantedTime.parse("at", context.queryParameter("at").orElse("now"), clock.instant());
    CompletionStage<ShownFrame> shown =
        switch (wanted) {
          case WantedTime.Newest() -> finder.newest(stream);
          case WantedTime.At(long nanos) -> finder.at(stream, axis, nanos);
        };
    return context
        .onContext(shown)
        .recover(failure -> Future.failedFuture(StreamFinder.failure(failure)))
        .compose(
            found ->
                switch (found) {
                  case ShownFrame.Found frame -> picture(context, frame, format);
                  case ShownFrame.NoVideo() ->
                      throw AwsError.RESOURCE_NOT_FOUND.because(
                          "The stream has no video at this time");
                  case ShownFrame.Gap gap -> gap(context, gap);
                });
  }

  private static PictureFormat format(OperationContext context, Encoding encoding) {
    try {
      return new PictureFormat(
          encoding,
          number(context, "quality", PictureFormat.DEFAULT_QUALITY),
          number(context, "width", 0),
          number(context, "height", 0));
    } catch (IllegalArgumentException e) {
      throw AwsError.INVALID_ARGUMENT.because(String.valueOf(e.getMessage()));
    }
  }

  private static int number(OperationContext context, String name, int absent) {
    String text = context.queryParameter(name).orElse("");
    if (text.isEmpty()) {
      return absent;
    }
    if (!text.matches("[1-9][0-9]{0,5}")) {
      throw AwsError.INVALID_ARGUMENT.because(name + " must be a positive number: " + text);
    }
    return Integer.parseInt(text);
  }

  private Future<Void> picture(
      OperationContext context, ShownFrame.Found found, PictureFormat format) {
    return context
        .onContext(pictures.pictures(found.video(), Set.of(found.frame()), format))
        .recover(failure -> Future.failedFuture(PictureSource.failure(failure)))
        .compose(
            made ->
                switch (made.getFirst()) {
                  case Picture.Failed failed -> throw PictureSource.undecodable(failed.reason());
                  case Picture.Encoded encoded -> send(context, found, format, encoded);
                });
  }

  private static Future<Void> send(
      OperationContext context,
      ShownFrame.Found found,
      PictureFormat format,
      Picture.Encoded encoded) {
    Buffer body = Buffer.buffer(encoded.data().remaining());
    body.setBytes(0, encoded.data().slice());
    return context
        .response()
        .putHeader("content-type", format.encoding().mediaType())
        .putHeader("cache-control", "no-cache")
        .putHeader(
            "Millrace-Frame-Time",
            Nanos.toInstant(found.video().producerNanos(found.frame())).toString())
        .putHeader("Millrace-Fragment-Number", found.video().entry().number().toString())
        .end(body);
  }

  private static Future<Void> gap(OperationContext context, ShownFrame.Gap gap) {
    JsonObject answer =
        new JsonObject()
            .put("Message", "Nothing is stored at this time; before and after tell where it is.");
    put(answer, "before", gap.beforeNanos());
    put(answer, "after", gap.afterNanos());
    return context
        .response()
        .setStatusCode(AwsError.RESOURCE_NOT_FOUND.status())
        .putHeader("content-type", "application/json")
        .putHeader("x-amzn-ErrorType", AwsError.RESOURCE_NOT_FOUND.shape())
        .end(answer.toBuffer());
  }

  private static void put(JsonObject answer, String name, OptionalLong nanos) {
    if (nanos.isPresent()) {
      answer.put(name, Nanos.toInstant(nanos.getAsLong()).toString());
    }
  }
}
