/** Segment files: their bytes, their index, what is open, spare and in memory of them. */
@NullMarked
package io.millrace.store.segment.file;

import org.jspecify.annotations.NullMarked;
