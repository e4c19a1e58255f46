/** Frames of cameras on their way into a stream, from whatever protocol they came by. */
@NullMarked
package io.millrace.ingest.feed;

import org.jspecify.annotations.NullMarked;
