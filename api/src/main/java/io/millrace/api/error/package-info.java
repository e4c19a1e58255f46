/** The one table of errors a client can be told. */
@NullMarked
package io.millrace.api.error;

import org.jspecify.annotations.NullMarked;
