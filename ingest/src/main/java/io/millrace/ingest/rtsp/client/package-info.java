/** The server as a client of cameras: RTSP sessions that play, over TCP, UDP and TLS. */
@NullMarked
package io.millrace.ingest.rtsp.client;

import org.jspecify.annotations.NullMarked;
