/** Fragments to viewers and machines: the door class, its settings and its figures. */
@NullMarked
package io.millrace.playback;

import org.jspecify.annotations.NullMarked;
