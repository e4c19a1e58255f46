package io.millrace.api.auth;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;

/**
 * The head of a request as it arrived, before any byte of its body was asked for.
 *
 * @param method HTTP method
 * @param target request target as received; may be in absolute form
 * @param headers header values as received, hop-by-hop headers included since some clients sign
 *     them
 * @param operation name of the AWS operation, or the pattern of the route
 */
public record RequestHead(HttpMethod method, String target, MultiMap headers, String operation) {}
