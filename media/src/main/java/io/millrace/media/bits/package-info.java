/** Reading bits and cutting NAL units. */
@NullMarked
package io.millrace.media.bits;

import org.jspecify.annotations.NullMarked;
