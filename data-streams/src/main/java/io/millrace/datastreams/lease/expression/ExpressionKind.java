package io.millrace.datastreams.lease.expression;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;

/** Which expression of a request it is; errors name it. */
public enum ExpressionKind {
  CONDITION("ConditionExpression"),
  FILTER("FilterExpression"),
  KEY_CONDITION("KeyConditionExpression"),
  UPDATE("UpdateExpression"),
  PROJECTION("ProjectionExpression");

  private final String member;

  ExpressionKind(String member) {
    this.member = member;
  }

  /** The request's member that holds it. */
  public String member() {
    return member;
  }

  /** VALIDATION in the service's words. */
  AwsException invalid(String what) {
    return AwsError.VALIDATION.because("Invalid %s: %s".formatted(member, what));
  }
}
