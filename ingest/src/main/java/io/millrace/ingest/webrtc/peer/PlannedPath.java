package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import java.util.List;

/** The media of a peer, which learns what was negotiated before it is connected. */
interface PlannedPath extends MediaPath {
  /** Says what both sides agreed on. */
  void plans(List<MediaPlan> plans);
}
