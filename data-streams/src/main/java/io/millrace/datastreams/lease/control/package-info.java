/** The calls that make, change, label and remove tables. */
@NullMarked
package io.millrace.datastreams.lease.control;

import org.jspecify.annotations.NullMarked;
