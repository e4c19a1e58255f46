/** Whole files and live bodies over plain HTTP. */
@NullMarked
package io.millrace.ingest.upload;

import org.jspecify.annotations.NullMarked;
