/** WHIP and WHEP: offers and answers over HTTP (RFC 9725 and draft-ietf-wish-whep). */
@NullMarked
package io.millrace.ingest.webrtc.whip;

import org.jspecify.annotations.NullMarked;
