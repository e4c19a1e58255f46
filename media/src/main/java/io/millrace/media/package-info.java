/** What the bytes mean: codecs and containers, pure functions over bytes. */
@NullMarked
package io.millrace.media;

import org.jspecify.annotations.NullMarked;
