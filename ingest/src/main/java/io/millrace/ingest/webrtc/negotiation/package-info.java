/** Offers and answers of WebRTC: what both sides can do (RFC 9429, RFC 8843). */
@NullMarked
package io.millrace.ingest.webrtc.negotiation;

import org.jspecify.annotations.NullMarked;
