/** UDP ports for media, read by a thread of their own on behalf of event loops. */
@NullMarked
package io.millrace.ingest.rtsp.datagram;

import org.jspecify.annotations.NullMarked;
