/** EBML: numbers, element structure, a resumable push reader and a writer (RFC 8794). */
@NullMarked
package io.millrace.media.ebml;

import org.jspecify.annotations.NullMarked;
