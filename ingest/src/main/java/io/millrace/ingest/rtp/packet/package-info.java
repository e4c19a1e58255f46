/** RTP and RTCP packets as bytes and as records (RFC 3550, 4585, 5104). */
@NullMarked
package io.millrace.ingest.rtp.packet;

import org.jspecify.annotations.NullMarked;
