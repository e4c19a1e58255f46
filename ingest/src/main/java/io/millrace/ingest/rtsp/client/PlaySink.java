package io.millrace.ingest.rtsp.client;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.rtp.receive.ReceiverListener;
import io.vertx.core.Future;
import java.util.List;

/** Where the media of a played session go. */
interface PlaySink {
  /**
   * The camera said what it sends.
   *
   * @param formats of the tracks that will be played, whose numbers count from 1
   * @param others encodings that it offers as well and that cannot be stored
   * @return completes when frames may come
   */
  Future<Void> began(List<RtpFormat> formats, List<String> others);

  /** Takes the frames of a track; asked for each before {@link #began}. */
  ReceiverListener receiver(int trackNumber, RtpFormat format);

  /** Whether the camera should be held back. */
  boolean isBehind();

  /** Nothing more comes. */
  void ended(Feed.End why);
}
