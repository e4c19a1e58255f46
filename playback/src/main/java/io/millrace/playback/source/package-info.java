/** What every kind of playback starts from: the stream a request names and its fragments. */
@NullMarked
package io.millrace.playback.source;

import org.jspecify.annotations.NullMarked;
