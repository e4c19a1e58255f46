/** WebSockets of masters and viewers, and the messages that go between them. */
@NullMarked
package io.millrace.ingest.signaling.relay;

import org.jspecify.annotations.NullMarked;
