/** Decoder setup and packets of Opus. */
@NullMarked
package io.millrace.media.opus;

import org.jspecify.annotations.NullMarked;
