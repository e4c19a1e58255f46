/** Tracks, frames and the two ways a piece of media can be bad. */
@NullMarked
package io.millrace.media.track;

import org.jspecify.annotations.NullMarked;
