/** What a data stream is: shards, hash keys, sequence numbers, consumers. Pure values. */
@NullMarked
package io.millrace.datastreams.model;

import org.jspecify.annotations.NullMarked;
