/** The control plane of video streams. */
@NullMarked
package io.millrace.ingest.control;

import org.jspecify.annotations.NullMarked;
