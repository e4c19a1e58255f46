/** What a receiver tells a WebRTC sender, so that it sends as much as the path takes. */
@NullMarked
package io.millrace.ingest.webrtc.feedback;

import org.jspecify.annotations.NullMarked;
