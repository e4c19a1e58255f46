/**
 * The ports of WebRTC: datagrams and framed TCP, given to the event loop of the peer they are for.
 */
@NullMarked
package io.millrace.ingest.webrtc.transport;

import org.jspecify.annotations.NullMarked;
