/** KVS WebRTC signaling: channels over which masters and viewers find each other. */
@NullMarked
package io.millrace.ingest.signaling;

import org.jspecify.annotations.NullMarked;
