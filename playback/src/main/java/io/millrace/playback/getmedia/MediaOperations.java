package io.millrace.playback.getmedia;

import io.millrace.api.wire.OperationRouter;
import io.millrace.playback.source.StreamFinder;
import java.time.InstantSource;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetMediaForFragmentListRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ListFragmentsRequest;
import software.amazon.awssdk.services.kinesisvideomedia.model.GetMediaRequest;

/** The three operations of this package and what they share. */
public final class MediaOperations implements AutoCloseable {
  private final GetMediaHandler getMedia;
  private final FragmentListHandler fragmentList;
  private final ListFragmentsHandler listFragments;

  public MediaOperations(
      StreamFinder streams,
      GetMediaSettings settings,
      InstantSource clock,
      GetMediaCounters counters) {
    OpenReplies open = new OpenReplies(settings, counters);
    getMedia = new GetMediaHandler(streams, settings, clock, counters, open);
    fragmentList = new FragmentListHandler(streams, settings, counters, open);
    listFragments = new ListFragmentsHandler(streams);
  }

  /** Adds GetMedia, GetMediaForFragmentList and ListFragments. */
  public void register(OperationRouter router) {
    router
        .service("kinesis-video-media")
        .streaming("GetMedia", GetMediaRequest::builder, getMedia::handle);
    router
        .service("kinesis-video-archived-media")
        .streaming(
            "GetMediaForFragmentList",
            GetMediaForFragmentListRequest::builder,
            fragmentList::handle)
        .operation("ListFragments", ListFragmentsRequest::builder, listFragments::handle);
  }

  /** Lets open replies end after the fragment they are at. */
  @Override
  public void close() {
    getMedia.close();
  }
}
