/** What WebRTC counts. */
@NullMarked
package io.millrace.ingest.webrtc.metrics;

import org.jspecify.annotations.NullMarked;
