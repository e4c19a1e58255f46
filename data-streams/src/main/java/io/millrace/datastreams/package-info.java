/** Data records in and out: the Kinesis Data Streams of this server. */
@NullMarked
package io.millrace.datastreams;

import org.jspecify.annotations.NullMarked;
