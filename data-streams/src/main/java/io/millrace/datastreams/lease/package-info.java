/** Tables for the leases and checkpoints of stream consumers, in the manner of DynamoDB. */
@NullMarked
package io.millrace.datastreams.lease;

import org.jspecify.annotations.NullMarked;
