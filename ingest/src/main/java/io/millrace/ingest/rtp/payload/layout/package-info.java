/** How payloads are laid out, and how frames grow from what they hold. */
@NullMarked
package io.millrace.ingest.rtp.payload.layout;

import org.jspecify.annotations.NullMarked;
