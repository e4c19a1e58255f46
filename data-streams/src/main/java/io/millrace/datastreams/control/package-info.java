/** Calls that make, describe and change streams, shards and consumers. */
@NullMarked
package io.millrace.datastreams.control;

import org.jspecify.annotations.NullMarked;
