/** Bodies as bytes: collected, counted, compressed, and the XML of one old protocol. */
@NullMarked
package io.millrace.api.content;

import org.jspecify.annotations.NullMarked;
