/**
 * Cameras that the server pulls: what they are, how their secrets are kept, and who watches them.
 */
@NullMarked
package io.millrace.ingest.source;

import org.jspecify.annotations.NullMarked;
