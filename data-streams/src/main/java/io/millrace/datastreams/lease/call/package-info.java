/** The calls of the table service. */
@NullMarked
package io.millrace.datastreams.lease.call;

import org.jspecify.annotations.NullMarked;
