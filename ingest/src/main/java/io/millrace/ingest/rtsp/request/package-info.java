/** What a request asks for: of which stream, and which part of its past; and why it is refused. */
@NullMarked
package io.millrace.ingest.rtsp.request;

import org.jspecify.annotations.NullMarked;
