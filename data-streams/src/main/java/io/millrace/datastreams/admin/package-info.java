/** Our own routes beside the service's calls: purge, faults. */
@NullMarked
package io.millrace.datastreams.admin;

import org.jspecify.annotations.NullMarked;
