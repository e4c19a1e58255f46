package io.millrace.ingest.signaling.relay;

/** What peers send each other; the names are those of the wire. */
public enum MessageType {
  SDP_OFFER,
  SDP_ANSWER,
  ICE_CANDIDATE
}
