/** Records out, pushed: subscriptions of registered consumers. */
@NullMarked
package io.millrace.datastreams.fanout;

import org.jspecify.annotations.NullMarked;
