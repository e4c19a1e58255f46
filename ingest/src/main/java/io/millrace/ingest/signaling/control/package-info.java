/** The control plane of signaling channels. */
@NullMarked
package io.millrace.ingest.signaling.control;

import org.jspecify.annotations.NullMarked;
