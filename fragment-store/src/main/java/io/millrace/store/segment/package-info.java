/** The local engine: lanes of segment files, recovery, the live ring and the storage port. */
@NullMarked
package io.millrace.store.segment;

import org.jspecify.annotations.NullMarked;
