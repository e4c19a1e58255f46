/**
 * Interactive connectivity (RFC 8445, lite and controlling), consent (RFC 7675), TURN credentials.
 */
@NullMarked
package io.millrace.ingest.webrtc.ice;

import org.jspecify.annotations.NullMarked;
