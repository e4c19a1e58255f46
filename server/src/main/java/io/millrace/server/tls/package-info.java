/** Certificates of the TLS listener: the operator's own, or those of a development authority. */
@NullMarked
package io.millrace.server.tls;

import org.jspecify.annotations.NullMarked;
