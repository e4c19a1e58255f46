/** Storage sessions: the server as a peer of clients, so that their media end up in a stream. */
@NullMarked
package io.millrace.ingest.signaling.storage;

import org.jspecify.annotations.NullMarked;
