/** Matroska: demux of live and stored bytes, mux of frames. */
@NullMarked
package io.millrace.media.mkv;

import org.jspecify.annotations.NullMarked;
