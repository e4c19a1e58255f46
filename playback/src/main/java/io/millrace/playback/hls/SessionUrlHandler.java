package io.millrace.playback.hls;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.wire.OperationContext;
import io.millrace.playback.session.PlaybackMode;
import io.millrace.playback.session.PlaybackSession;
import io.millrace.playback.session.SessionSpec;
import io.millrace.playback.session.SessionTable;
import io.millrace.playback.source.SourceStream;
import io.millrace.playback.source.StreamFinder;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ContainerFormat;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetHlsStreamingSessionUrlRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetHlsStreamingSessionUrlResponse;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.HLSDiscontinuityMode;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.HLSDisplayFragmentTimestamp;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.HLSFragmentSelector;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.HLSFragmentSelectorType;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.HLSTimestampRange;

/** GetHLSStreamingSessionURL: checks the request and the first fragment, opens a session. */
final class SessionUrlHandler {
  private final StreamFinder streams;
  private final SessionTable<HlsState> sessions;
  private final FormatCatalog formats;
  private final HlsSettings settings;
  private final InstantSource clock;
  private final Supplier<String> publicUrl;
  private final HlsCounters counters;

  SessionUrlHandler(
      StreamFinder streams,
      SessionTable<HlsState> sessions,
      FormatCatalog formats,
      HlsSettings settings,
      InstantSource clock,
      Supplier<String> publicUrl,
      HlsCounters counters) {
    this.streams = streams;
    this.sessions = sessions;
    this.formats = formats;
    this.settings = settings;
    this.clock = clock;
    this.publicUrl = publicUrl;
    this.counters = counters;
  }

  Future<GetHlsStreamingSessionUrlResponse> handle(
      OperationContext context, GetHlsStreamingSessionUrlRequest request) {
    SourceStream stream = streams.find(request.streamName(), request.streamARN());
    SessionSpec spec = spec(request);
    if (request.containerFormat() == ContainerFormat.MPEG_TS) {
      throw AwsError.INVALID_ARGUMENT.because(
          "ContainerFormat MPEG_TS is not served yet; use FRAGMENTED_MP4");
    }
    if (stream.info().retentionHours() == 0) {
      throw AwsError.NO_DATA_RETENTION.because(
          "The stream has a retention of 0 hours, so there is nothing to play");
    }
    HlsState state =
        new HlsState(
            spec,
            request.displayFragmentTimestamp() == HLSDisplayFragmentTimestamp.ALWAYS,
            discontinuityMode(request.discontinuityMode(), spec.axis()),
            settings);
    return context
        .onContext(state.list(stream, clock.millis()))
        .map(listing -> first(listing, spec))
        .compose(entry -> context.onContext(formats.of(stream, entry)))
        .recover(failure -> Future.failedFuture(StreamFinder.failure(failure)))
        .map(
            format -> {
              PlaybackSession<HlsState> session = sessions.open(stream, spec, state);
              counters.sessions.increment();
              return GetHlsStreamingSessionUrlResponse.builder()
                  .hlsStreamingSessionURL(
                      publicUrl.get()
                          + "/hls/v1/getHLSMasterPlaylist.m3u8?SessionToken="
                          + session.token())
                  .build();
            });
  }

  private FragmentEntry first(HlsState.Listing listing, SessionSpec spec) {
    if (listing.fragments().isEmpty()) {
      throw noFragments();
    }
    long oldest = clock.millis() - settings.liveFreshness().toMillis();
    FragmentEntry newest = listing.fragments().getLast().entry();
    long arrivedMillis = newest.serverTimeMillis() + newest.durationNanos() / 1_000_000;
    if (spec.mode() == PlaybackMode.LIVE && arrivedMillis < oldest) {
      throw noFragments();
    }
    return listing.fragments().getFirst().entry();
  }

  private static AwsException noFragments() {
    return AwsError.RESOURCE_NOT_FOUND.because(
        "No fragments found in the stream for the streaming request.");
  }

  private static SessionSpec spec(GetHlsStreamingSessionUrlRequest request) {
    Optional<HLSFragmentSelector> selector = Optional.ofNullable(request.hlsFragmentSelector());
    Optional<HLSTimestampRange> range = selector.map(HLSFragmentSelector::timestampRange);
    TimeAxis axis =
        selector.map(HLSFragmentSelector::fragmentSelectorType).orElse(null)
                == HLSFragmentSelectorType.PRODUCER_TIMESTAMP
            ? TimeAxis.PRODUCER
            : TimeAxis.SERVER;
    PlaybackMode mode =
        request.playbackMode() == null
            ? PlaybackMode.LIVE
            : PlaybackMode.valueOf(request.playbackModeAsString());
    return SessionSpec.of(
        mode,
        axis,
        range.map(HLSTimestampRange::startTimestamp),
        range.map(HLSTimestampRange::endTimestamp),
        request.expires(),
        request.maxMediaPlaylistFragmentResults());
  }

  private static DiscontinuityMode discontinuityMode(HLSDiscontinuityMode asked, TimeAxis axis) {
    if (asked == null) {
      return axis == TimeAxis.SERVER ? DiscontinuityMode.ALWAYS : DiscontinuityMode.NEVER;
    }
    return DiscontinuityMode.valueOf(asked.toString());
  }
}
