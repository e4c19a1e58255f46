package io.millrace.datastreams.lease.expression;

/**
 * Limits of expressions (DynamoDB developer guide, quotas).
 *
 * @param maxBytes longest expression; default 4096
 * @param maxOperators most operators and functions in one; also bounds how deep one nests; default
 *     300
 * @param maxChoices most values after IN; default 100
 * @param maxPathDepth most elements of a document path; default 32
 */
public record ExpressionLimits(int maxBytes, int maxOperators, int maxChoices, int maxPathDepth) {
  /** The service's own. */
  public static final ExpressionLimits AWS = new ExpressionLimits(4096, 300, 100, 32);
}
