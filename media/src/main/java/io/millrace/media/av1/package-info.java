/** OBUs, sequence header and decoder setup of AV1. */
@NullMarked
package io.millrace.media.av1;

import org.jspecify.annotations.NullMarked;
