/**
 * Sources that are read through libav, each by a worker process: HTTP (MJPEG, HLS, files), SRT and
 * RTMP.
 */
@NullMarked
package io.millrace.ingest.source.libav;

import org.jspecify.annotations.NullMarked;
