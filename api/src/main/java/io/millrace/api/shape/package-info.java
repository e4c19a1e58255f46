/** Bodies of requests and answers, JSON and CBOR, read into and written from types of the SDK. */
@NullMarked
package io.millrace.api.shape;

import org.jspecify.annotations.NullMarked;
