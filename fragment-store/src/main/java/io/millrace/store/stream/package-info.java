/** The catalogue of streams. */
@NullMarked
package io.millrace.store.stream;

import org.jspecify.annotations.NullMarked;
