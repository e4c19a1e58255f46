/** How codecs travel in RTP packets: depacketizers and packetizers, one pair a codec. */
@NullMarked
package io.millrace.ingest.rtp.payload;

import org.jspecify.annotations.NullMarked;
