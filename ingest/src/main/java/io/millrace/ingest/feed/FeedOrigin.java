package io.millrace.ingest.feed;

/** How the frames of a feed reach the server. */
public enum FeedOrigin {
  RTSP_PUSH,
  RTSP_PULL,
  WHIP,
  /** A storage session of a KVS signaling channel. */
  STORAGE_SESSION,
  /** A source that libav pulls. */
  LIBAV_PULL
}
