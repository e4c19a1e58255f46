/** Sound that players do not take, made into AAC on one grid of frames for a whole stream. */
@NullMarked
package io.millrace.playback.sound;

import org.jspecify.annotations.NullMarked;
