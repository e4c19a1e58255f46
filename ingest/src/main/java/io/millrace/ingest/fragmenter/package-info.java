/** Cuts a stream of Matroska bytes into self-contained fragments. */
@NullMarked
package io.millrace.ingest.fragmenter;

import org.jspecify.annotations.NullMarked;
