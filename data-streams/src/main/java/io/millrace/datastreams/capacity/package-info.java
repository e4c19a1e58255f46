/** How much a shard takes and gives in a second, and how often a call may be made. */
@NullMarked
package io.millrace.datastreams.capacity;

import org.jspecify.annotations.NullMarked;
