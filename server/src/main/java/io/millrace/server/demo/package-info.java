/** Synthetic cameras that send through PutMedia like any other producer. */
@NullMarked
package io.millrace.server.demo;

import org.jspecify.annotations.NullMarked;
