/** H.265: parameter sets, hvcC, random access test, codec string. */
@NullMarked
package io.millrace.media.h265;

import org.jspecify.annotations.NullMarked;
