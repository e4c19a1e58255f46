/** How AWS clients speak to this server, and who may. */
@NullMarked
package io.millrace.api;

import org.jspecify.annotations.NullMarked;
