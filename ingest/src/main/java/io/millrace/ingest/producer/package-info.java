/** Who is sending into which stream, and what they hold in memory, whatever their protocol. */
@NullMarked
package io.millrace.ingest.producer;

import org.jspecify.annotations.NullMarked;
