/**
 * The process that reads one source through libav, and what it says to the server over its pipes.
 * Whatever a source does to libav, only this process suffers.
 */
@NullMarked
package io.millrace.ingest.source.worker;

import org.jspecify.annotations.NullMarked;
