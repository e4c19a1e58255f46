/** Tokens that continue a list. */
@NullMarked
package io.millrace.api.page;

import org.jspecify.annotations.NullMarked;
