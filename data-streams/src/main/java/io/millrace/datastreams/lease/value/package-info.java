/** Attribute values of table items: their checks, order, size and bytes. */
@NullMarked
package io.millrace.datastreams.lease.value;

import org.jspecify.annotations.NullMarked;
