/** From packets as the network brings them to frames in order with their capture times. */
@NullMarked
package io.millrace.ingest.rtp.receive;

import org.jspecify.annotations.NullMarked;
