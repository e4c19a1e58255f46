/** The local engine: lanes of segment files, recovery, reading and the storage port. */
@NullMarked
package io.millrace.store.segment;

import org.jspecify.annotations.NullMarked;
