/** WebRTC: WHIP and WHEP, and peers for whoever else speaks it. */
@NullMarked
package io.millrace.ingest.webrtc;

import org.jspecify.annotations.NullMarked;
