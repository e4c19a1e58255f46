/** Tables and items as they are kept: their names and bytes in the store, and what they hold. */
@NullMarked
package io.millrace.datastreams.lease.table;

import org.jspecify.annotations.NullMarked;
