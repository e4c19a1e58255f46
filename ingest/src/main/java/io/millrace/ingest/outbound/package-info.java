/** Frames on their way out of a stream, as those who send them over RTP need them. */
@NullMarked
package io.millrace.ingest.outbound;

import org.jspecify.annotations.NullMarked;
