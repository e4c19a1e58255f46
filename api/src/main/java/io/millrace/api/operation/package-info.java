/** The table of AWS operations this server knows. */
@NullMarked
package io.millrace.api.operation;

import org.jspecify.annotations.NullMarked;
