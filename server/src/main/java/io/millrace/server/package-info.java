/** The only room that knows all rooms: main, wiring, listeners. */
@NullMarked
package io.millrace.server;

import org.jspecify.annotations.NullMarked;
