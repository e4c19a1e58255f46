/** Frames of a stream one after the other, live or from the past, for those who send them on. */
@NullMarked
package io.millrace.playback.reading;

import org.jspecify.annotations.NullMarked;
