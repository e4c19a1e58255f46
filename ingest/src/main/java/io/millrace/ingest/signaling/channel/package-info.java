/** Signaling channels: what is kept of each, and which stream each is stored in. */
@NullMarked
package io.millrace.ingest.signaling.channel;

import org.jspecify.annotations.NullMarked;
