/** Records out, for those who ask: shard iterators and pages of records. */
@NullMarked
package io.millrace.datastreams.read;

import org.jspecify.annotations.NullMarked;
