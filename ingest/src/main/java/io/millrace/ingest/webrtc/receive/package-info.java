/** Packets of one source put in order, counted, and placed in time. */
@NullMarked
package io.millrace.ingest.webrtc.receive;

import org.jspecify.annotations.NullMarked;
