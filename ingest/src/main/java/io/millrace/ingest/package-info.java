/** Media in: from every protocol to fragments in the store. */
@NullMarked
package io.millrace.ingest;

import org.jspecify.annotations.NullMarked;
