/** AWS request and response types from and to JSON. */
@NullMarked
package io.millrace.api.json;

import org.jspecify.annotations.NullMarked;
