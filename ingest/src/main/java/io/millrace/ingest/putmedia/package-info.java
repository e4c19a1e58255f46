/** PutMedia: a producer's long request and its stream of acknowledgements. */
@NullMarked
package io.millrace.ingest.putmedia;

import org.jspecify.annotations.NullMarked;
