package io.millrace.ingest.rtsp.auth;

/**
 * What both sides hash (RFC 7616 section 3.4.1).
 *
 * @param qop {@code auth}, or empty for the older form that most cameras speak
 */
record DigestAnswer(
    DigestAlgorithm algorithm,
    Credentials credentials,
    String realm,
    String nonce,
    String qop,
    String count,
    String clientNonce) {

  String response(String method, String uri) {
    String secret = algorithm.hash(credentials.user() + ":" + realm + ":" + credentials.password());
    String request = algorithm.hash(method + ":" + uri);
    return algorithm.hash(
        qop.isEmpty()
            ? secret + ":" + nonce + ":" + request
            : String.join(":", secret, nonce, count, clientNonce, qop, request));
  }
}
