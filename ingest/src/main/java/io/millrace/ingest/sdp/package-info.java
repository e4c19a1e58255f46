/** Session descriptions (RFC 8866), read leniently and written exactly. */
@NullMarked
package io.millrace.ingest.sdp;

import org.jspecify.annotations.NullMarked;
