/** WebRTC peers: what was negotiated, tied to what receives and sends it. */
@NullMarked
package io.millrace.ingest.webrtc.peer;

import org.jspecify.annotations.NullMarked;
