/** What ingest counts. */
@NullMarked
package io.millrace.ingest.metrics;

import org.jspecify.annotations.NullMarked;
