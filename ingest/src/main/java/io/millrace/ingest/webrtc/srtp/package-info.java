/** SRTP and SRTCP (RFC 3711, RFC 5764, RFC 7714) on the JDK's ciphers. */
@NullMarked
package io.millrace.ingest.webrtc.srtp;

import org.jspecify.annotations.NullMarked;
