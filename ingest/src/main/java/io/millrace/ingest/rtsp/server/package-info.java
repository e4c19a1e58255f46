/** The RTSP listener: encoders push streams by it, players read them. */
@NullMarked
package io.millrace.ingest.rtsp.server;

import org.jspecify.annotations.NullMarked;
