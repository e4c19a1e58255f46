/** Streams that set the number of their shards themselves. */
@NullMarked
package io.millrace.datastreams.scaling;

import org.jspecify.annotations.NullMarked;
