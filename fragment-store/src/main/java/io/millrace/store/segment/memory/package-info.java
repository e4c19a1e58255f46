/** What of the log is held in memory: the newest blocks, and windows of history that were read. */
@NullMarked
package io.millrace.store.segment.memory;

import org.jspecify.annotations.NullMarked;
