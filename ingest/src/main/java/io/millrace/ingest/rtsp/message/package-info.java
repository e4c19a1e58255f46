/** RTSP 1.0 messages and interleaved packets as bytes and as records (RFC 2326). */
@NullMarked
package io.millrace.ingest.rtsp.message;

import org.jspecify.annotations.NullMarked;
