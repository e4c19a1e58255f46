/** Path patterns and the table that finds who serves a path. */
@NullMarked
package io.millrace.api.route;

import org.jspecify.annotations.NullMarked;
