/** TLS for clients that speak HTTP/2 without saying so in the handshake. */
@NullMarked
package io.millrace.api.tls;

import org.jspecify.annotations.NullMarked;
