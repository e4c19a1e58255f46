/** Still pictures out of stored fragments, decoded in worker processes that may die. */
@NullMarked
package io.millrace.playback.frame;

import org.jspecify.annotations.NullMarked;
