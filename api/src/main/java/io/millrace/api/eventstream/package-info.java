/** Answers that are streams of framed events: {@code application/vnd.amazon.eventstream}. */
@NullMarked
package io.millrace.api.eventstream;

import org.jspecify.annotations.NullMarked;
