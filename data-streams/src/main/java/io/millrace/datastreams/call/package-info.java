/** What every call goes through: rates, injected faults, dry runs, errors of the store. */
@NullMarked
package io.millrace.datastreams.call;

import org.jspecify.annotations.NullMarked;
