package io.millrace.datastreams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What a call is refused with. */
public final class Refusals {
  private Refusals() {}

  /** Checks the error's name and a part of its message. */
  public static void assertRefused(ThrowingCallable call, String error, String message) {
    AwsServiceException refusal = catchThrowableOfType(AwsServiceException.class, call);
    assertThat(refusal).as("call that must be refused with " + error).isNotNull();
    assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(error);
    assertThat(refusal.awsErrorDetails().errorMessage()).contains(message);
  }
}
