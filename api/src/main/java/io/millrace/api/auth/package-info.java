/** Who is asking: the seam where signatures are checked. */
@NullMarked
package io.millrace.api.auth;

import org.jspecify.annotations.NullMarked;
