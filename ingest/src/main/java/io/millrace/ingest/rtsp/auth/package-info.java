/** Basic and Digest authentication of RTSP, both sides (RFC 7617, RFC 7616, RFC 2326 D.1.2). */
@NullMarked
package io.millrace.ingest.rtsp.auth;

import org.jspecify.annotations.NullMarked;
