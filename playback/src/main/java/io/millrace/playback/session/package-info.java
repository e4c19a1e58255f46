/** Streaming sessions: what a viewer asked for, the token it got, and for how long that holds. */
@NullMarked
package io.millrace.playback.session;

import org.jspecify.annotations.NullMarked;
