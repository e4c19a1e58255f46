/** From RTP timestamps to the time at which a frame was captured. */
@NullMarked
package io.millrace.ingest.rtp.clock;

import org.jspecify.annotations.NullMarked;
