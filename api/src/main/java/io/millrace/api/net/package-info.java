/** What Vert.x's sockets do not do by themselves. */
@NullMarked
package io.millrace.api.net;

import org.jspecify.annotations.NullMarked;
