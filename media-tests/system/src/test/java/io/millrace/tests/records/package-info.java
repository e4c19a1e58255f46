/** Data records as load: a client that costs little, so that the server is what is measured. */
@NullMarked
package io.millrace.tests.records;

import org.jspecify.annotations.NullMarked;
