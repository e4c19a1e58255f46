package io.millrace.ingest.fragmenter;

/**
 * Why a fragment or a session failed, as a PutMedia producer is told. Ids and names are those of
 * the service's documentation and clients.
 */
public enum IngestError {
  STREAM_READ_ERROR(4000),
  MAX_FRAGMENT_SIZE_REACHED(4001),
  MAX_FRAGMENT_DURATION_REACHED(4002),
  MAX_CONNECTION_DURATION_REACHED(4003),
  FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS(4004),
  INVALID_MKV_DATA(4006),
  INVALID_PRODUCER_TIMESTAMP(4007),
  STREAM_NOT_ACTIVE(4008),
  FRAGMENT_METADATA_LIMIT_REACHED(4009),
  TRACK_NUMBER_MISMATCH(4010),
  FRAMES_MISSING_FOR_TRACK(4011),
  MORE_THAN_ALLOWED_TRACKS_FOUND(4012),
  STREAM_DELETED(4507),
  INTERNAL_ERROR(5000),
  ARCHIVAL_ERROR(5001);

  private final int id;

  IngestError(int id) {
    this.id = id;
  }

  /** Number sent as {@code ErrorId}. */
  public int id() {
    return id;
  }
}
