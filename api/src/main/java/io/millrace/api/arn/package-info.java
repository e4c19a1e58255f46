/** Names of resources as AWS clients write them. */
@NullMarked
package io.millrace.api.arn;

import org.jspecify.annotations.NullMarked;
