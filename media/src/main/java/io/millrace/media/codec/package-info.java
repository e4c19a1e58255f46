/** Which codec a track has, what it is called, and repair of its setup bytes. */
@NullMarked
package io.millrace.media.codec;

import org.jspecify.annotations.NullMarked;
