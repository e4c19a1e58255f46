/** What is stored of a stream and where its gaps are, for timelines people look at. */
@NullMarked
package io.millrace.playback.timeline;

import org.jspecify.annotations.NullMarked;
