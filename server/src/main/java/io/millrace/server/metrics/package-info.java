/** Every room's counters as Prometheus text. */
@NullMarked
package io.millrace.server.metrics;

import org.jspecify.annotations.NullMarked;
