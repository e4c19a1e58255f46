/**
 * Frames on their way out as RTP packets, with sender reports that tell when they were captured.
 */
@NullMarked
package io.millrace.ingest.rtp.send;

import org.jspecify.annotations.NullMarked;
