/** The HTTP front door and the router that every room registers its operations with. */
@NullMarked
package io.millrace.api.wire;

import org.jspecify.annotations.NullMarked;
