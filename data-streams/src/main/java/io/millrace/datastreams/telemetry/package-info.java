/** Metrics that producers and consumers send: taken as CloudWatch takes them, kept for /metrics. */
@NullMarked
package io.millrace.datastreams.telemetry;

import org.jspecify.annotations.NullMarked;
