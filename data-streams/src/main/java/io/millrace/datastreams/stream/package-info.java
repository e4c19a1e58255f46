/** The streams of this server and the logs behind their shards. */
@NullMarked
package io.millrace.datastreams.stream;

import org.jspecify.annotations.NullMarked;
