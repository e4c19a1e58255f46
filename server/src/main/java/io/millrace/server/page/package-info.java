/** The page on / and its files. */
@NullMarked
package io.millrace.server.page;

import org.jspecify.annotations.NullMarked;
