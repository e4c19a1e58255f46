/** The operations that clients of a channel call over HTTP, beside its WebSocket. */
@NullMarked
package io.millrace.ingest.signaling.calls;

import org.jspecify.annotations.NullMarked;
