/** STUN messages as bytes and as records (RFC 8489, with the attributes of ICE, RFC 8445). */
@NullMarked
package io.millrace.ingest.webrtc.stun;

import org.jspecify.annotations.NullMarked;
