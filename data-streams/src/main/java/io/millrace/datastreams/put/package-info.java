/** Records in: hash key, shard, log. */
@NullMarked
package io.millrace.datastreams.put;

import org.jspecify.annotations.NullMarked;
