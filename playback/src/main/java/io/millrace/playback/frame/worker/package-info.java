/** The program that runs in a decoder worker process, and the bytes on its pipes. */
@NullMarked
package io.millrace.playback.frame.worker;

import org.jspecify.annotations.NullMarked;
