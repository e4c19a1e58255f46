/** MP4: init and media segments for players, and a reader of MP4 files. */
@NullMarked
package io.millrace.media.mp4;

import org.jspecify.annotations.NullMarked;
