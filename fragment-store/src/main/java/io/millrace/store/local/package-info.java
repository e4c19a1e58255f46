/** The door of the room: one directory opened as a store. */
@NullMarked
package io.millrace.store.local;

import org.jspecify.annotations.NullMarked;
