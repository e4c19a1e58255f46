package io.millrace.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trial in short. */
class HostileTest {
  private static final HostileTrial.Size SHORT = new HostileTrial.Size(30_000, 4);
  private static final long SEED = 4;

  @TempDir Path folder;

  @Test
  void nothingChangesForTheOthers() throws Exception {
    HostileTrial.Report report = HostileTrial.run(folder, SHORT, SEED);
    assertThat(report.complaints()).as(report.toString()).isEmpty();
    assertThat(report.sent()).isEqualTo(SHORT.packets());
    assertThat(report.packets().values()).allMatch(sent -> sent > 0);
  }
}
