/** Structured log lines. */
@NullMarked
package io.millrace.api.logging;

import org.jspecify.annotations.NullMarked;
