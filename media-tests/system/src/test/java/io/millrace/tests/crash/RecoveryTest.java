package io.millrace.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tests.trial.RecoveryTrial;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recovery trial, shortened: {@code ./millrace trial recovery} is the long one. */
class RecoveryTest {
  private static final int FRAGMENTS = 100;

  @TempDir Path data;

  @Test
  void everyFragmentIsListedAfterSigkillAndAfterACleanStop() throws Exception {
    assertThat(RecoveryTrial.run(data, FRAGMENTS).fragments()).isEqualTo(FRAGMENTS);
  }
}
