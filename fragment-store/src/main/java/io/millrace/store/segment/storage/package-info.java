/** What the local engine needs of a file system, and the file system. */
@NullMarked
package io.millrace.store.segment.storage;

import org.jspecify.annotations.NullMarked;
