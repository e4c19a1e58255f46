/** Faults on demand, for tests of the programs that use the server. */
@NullMarked
package io.millrace.datastreams.fault;

import org.jspecify.annotations.NullMarked;
