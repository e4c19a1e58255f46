/** A log of changes with snapshots: how what is small is kept in memory and made durable. */
@NullMarked
package io.millrace.store.journal;

import org.jspecify.annotations.NullMarked;
