/** Whether the process lives and whether it takes work. */
@NullMarked
package io.millrace.server.health;

import org.jspecify.annotations.NullMarked;
