package io.millrace.playback.getmedia;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.playback.source.SourceStream;
import io.millrace.playback.source.StreamFinder;
import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentNumber;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetMediaForFragmentListRequest;

/** GetMediaForFragmentList: the named fragments in the order named, without progress tags. */
final class FragmentListHandler {
  private final StreamFinder streams;
  private final GetMediaSettings settings;
  private final GetMediaCounters counters;
  private final OpenReplies open;

  FragmentListHandler(
      StreamFinder streams,
      GetMediaSettings settings,
      GetMediaCounters counters,
      OpenReplies open) {
    this.streams = streams;
    this.settings = settings;
    this.counters = counters;
    this.open = open;
  }

  Future<Void> handle(OperationContext context, GetMediaForFragmentListRequest request) {
    SourceStream stream = streams.find(request.streamName(), request.streamARN());
    open.enter(stream, AwsError.CLIENT_LIMIT_EXCEEDED);
    return Future.succeededFuture()
        .compose(entered -> reply(context, stream, request.fragments()))
        .onComplete(done -> open.leave(stream));
  }

  private Future<Void> reply(
      OperationContext context, SourceStream stream, List<String> fragments) {
    ReplyStream out = new ReplyStream(context.response(), settings.writeBytes(), counters);
    out.begin();
    Future<Void> sent = Future.succeededFuture();
    for (String number : fragments) {
      sent =
          sent.compose(
              next ->
                  out.closed()
                      ? Future.succeededFuture()
                      : document(context, stream, number).compose(out::write));
    }
    return sent.compose(all -> out.end());
  }

  private Future<List<ByteBuffer>> document(
      OperationContext context, SourceStream stream, String number) {
    FragmentNumber parsed;
    try {
      parsed = FragmentNumber.parse(number);
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(MediaDocument.missing(number));
    }
    return context
        .onContext(stream.log().get(parsed))
        .compose(
            entry ->
                entry.isEmpty()
                    ? Future.succeededFuture(Optional.<List<ByteBuffer>>empty())
                    : context
                        .onContext(stream.log().read(entry.get()))
                        .map(payload -> Optional.of(parts(entry.get(), payload))))
        .map(parts -> parts.orElseGet(() -> MediaDocument.missing(number)))
        .recover(failure -> Future.succeededFuture(failed(number, failure)));
  }

  private List<ByteBuffer> parts(FragmentEntry entry, ByteBuffer payload) {
    counters.fragments.increment();
    return MediaDocument.of(entry, payload);
  }

  private static List<ByteBuffer> failed(String number, Throwable failure) {
    return GetMediaHandler.kind(failure).filter(StoreException.Kind.GONE::equals).isPresent()
        ? MediaDocument.missing(number)
        : MediaDocument.unreadable(number);
  }
}
