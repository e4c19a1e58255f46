/**
 * DTLS 1.2 in both roles, for the keys of SRTP and to prove who the other side is (RFC 5763, RFC
 * 5764).
 */
@NullMarked
package io.millrace.ingest.webrtc.dtls;

import org.jspecify.annotations.NullMarked;
