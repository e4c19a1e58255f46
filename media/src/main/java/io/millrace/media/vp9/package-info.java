/** Frame headers, superframes and decoder setup of VP9. */
@NullMarked
package io.millrace.media.vp9;

import org.jspecify.annotations.NullMarked;
