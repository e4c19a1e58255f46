/** The port of the shard log: what every engine can do, and nothing that only files can do. */
@NullMarked
package io.millrace.store.shard;

import org.jspecify.annotations.NullMarked;
