/**
 * Edge configurations: which camera a stream records and when. Here the server itself is the edge
 * agent, and the camera is a source of {@link io.millrace.ingest.source.Sources}.
 */
@NullMarked
package io.millrace.ingest.edge;

import org.jspecify.annotations.NullMarked;
