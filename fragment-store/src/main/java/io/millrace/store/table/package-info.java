/** Durable maps of small values, kept as logs: what rooms remember besides records. */
@NullMarked
package io.millrace.store.table;

import org.jspecify.annotations.NullMarked;
