package io.millrace.playback.getmedia;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.playback.source.Nanos;
import io.millrace.playback.source.PageToken;
import io.millrace.playback.source.SourceStream;
import io.millrace.playback.source.StreamFinder;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.FragmentQuery;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.Fragment;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.FragmentSelector;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.FragmentSelectorType;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ListFragmentsRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ListFragmentsResponse;

/** ListFragments, in number order; a page token carries the selector. */
final class ListFragmentsHandler {
  private static final String TOKEN = "ListFragments";
  private static final int DEFAULT_RESULTS = 100;

  private final StreamFinder streams;

  ListFragmentsHandler(StreamFinder streams) {
    this.streams = streams;
  }

  Future<ListFragmentsResponse> handle(OperationContext context, ListFragmentsRequest request) {
    SourceStream stream = streams.find(request.streamName(), request.streamARN());
    int limit =
        request.maxResults() == null ? DEFAULT_RESULTS : Math.toIntExact(request.maxResults());
    FragmentQuery query =
        request.nextToken() == null
            ? first(request.fragmentSelector(), limit + 1)
            : next(stream, request.nextToken(), limit + 1);
    return context
        .onContext(stream.log().find(query))
        .recover(failure -> Future.failedFuture(StreamFinder.failure(failure)))
        .map(found -> page(stream, query, found, limit));
  }

  private static FragmentQuery first(FragmentSelector selector, int limit) {
    if (selector == null) {
      throw AwsError.INVALID_ARGUMENT.because(
          "FragmentSelector is required when NextToken is not given");
    }
    Instant start = selector.timestampRange().startTimestamp();
    Instant end = selector.timestampRange().endTimestamp();
    if (start.isAfter(end)) {
      throw AwsError.INVALID_ARGUMENT.because("StartTimestamp must not be after EndTimestamp");
    }
    TimeAxis axis =
        selector.fragmentSelectorType() == FragmentSelectorType.PRODUCER_TIMESTAMP
            ? TimeAxis.PRODUCER
            : TimeAxis.SERVER;
    return new FragmentQuery(axis, Nanos.of(start), Nanos.of(end), null, limit);
  }

  private static FragmentQuery next(SourceStream stream, String token, int limit) {
    List<String> fields = PageToken.read(TOKEN, 5, token);
    try {
      if (!fields.get(0).equals(stream.key())) {
        throw PageToken.invalid();
      }
      return new FragmentQuery(
          TimeAxis.valueOf(fields.get(1)),
          Long.parseLong(fields.get(2)),
          Long.parseLong(fields.get(3)),
          FragmentNumber.parse(fields.get(4)),
          limit);
    } catch (IllegalArgumentException e) {
      throw PageToken.invalid();
    }
  }

  private static ListFragmentsResponse page(
      SourceStream stream, FragmentQuery query, List<FragmentEntry> found, int limit) {
    List<FragmentEntry> shown = found.size() > limit ? found.subList(0, limit) : found;
    ListFragmentsResponse.Builder page =
        ListFragmentsResponse.builder()
            .fragments(shown.stream().map(ListFragmentsHandler::fragment).toList());
    if (found.size() > limit) {
      page.nextToken(
          PageToken.write(
              TOKEN,
              List.of(
                  stream.key(),
                  query.axis(),
                  query.fromNanos(),
                  query.toNanos(),
                  shown.getLast().number())));
    }
    return page.build();
  }

  private static Fragment fragment(FragmentEntry entry) {
    return Fragment.builder()
        .fragmentNumber(entry.number().toString())
        .fragmentSizeInBytes((long) entry.sizeBytes())
        .producerTimestamp(Nanos.toInstant(entry.producerTimeNanos()))
        .serverTimestamp(Instant.ofEpochMilli(entry.serverTimeMillis()))
        .fragmentLengthInMilliseconds(Math.round(entry.durationNanos() / (double) Nanos.PER_MILLI))
        .build();
  }
}
