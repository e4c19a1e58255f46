/** H.264: sequence parameter sets, avcC, keyframe test, codec string. */
@NullMarked
package io.millrace.media.h264;

import org.jspecify.annotations.NullMarked;
