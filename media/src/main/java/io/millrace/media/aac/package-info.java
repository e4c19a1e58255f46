/** AAC: AudioSpecificConfig and ADTS headers. */
@NullMarked
package io.millrace.media.aac;

import org.jspecify.annotations.NullMarked;
