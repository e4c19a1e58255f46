/** What is kept: opaque records in sharded durable logs. */
@NullMarked
package io.millrace.store;

import org.jspecify.annotations.NullMarked;
