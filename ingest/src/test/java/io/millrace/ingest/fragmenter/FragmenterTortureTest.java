package io.millrace.ingest.fragmenter;

import io.millrace.tests.fixtures.ParserTorture;
import io.millrace.tests.fixtures.Recordings;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FragmenterTortureTest {
  private static final long SEED = 20_261_121;
  private static final FragmenterSettings SETTINGS =
      new FragmenterSettings(
          4 << 20,
          Duration.ofSeconds(20),
          3,
          1 << 20,
          10,
          128,
          256,
          Duration.ofSeconds(2),
          true,
          false);

  private static String cut(Iterable<ByteBuffer> pieces) {
    MkvSample.Collected collected = new MkvSample.Collected();
    ClusterFragmenter fragmenter = new ClusterFragmenter(SETTINGS, collected);
    pieces.forEach(fragmenter::feed);
    fragmenter.end();
    StringBuilder dump = new StringBuilder();
    for (Fragment fragment : collected.fragments) {
      dump.append(
          "%d %d %d %d %s\n"
              .formatted(
                  fragment.timecode(),
                  fragment.durationNanos(),
                  fragment.frames(),
                  fragment.payload().remaining(),
                  fragment.traits()));
    }
    return dump.toString();
  }

  @Test
  void survivesEveryMisfortuneOfASmallBody() {
    byte[] body =
        MkvSample.withTracks(2)
            .tag("a", "b")
            .openCluster(0, 50, 1, 2)
            .tag("event", "door")
            .endOfFragment()
            .openCluster(900, 50, 1, 2)
            .tag("next", "")
            .openCluster(1800, 50, 1, 2)
            .bytes();
    torture(body, body.length, 0);
  }

  @Test
  void survivesMisfortunesOfARecording() {
    torture(Recordings.KVSSINK_720P_BFRAMES.bytes(), 150, 10);
  }

  private static void torture(byte[] body, int exhaustiveBytes, int samples) {
    ParserTorture torture =
        new ParserTorture(
            FragmenterTortureTest::cut,
            FragmentRefused.class::isInstance,
            exhaustiveBytes,
            samples,
            64 << 20);
    torture.split(body, SEED);
    torture.cut(body, SEED);
    torture.damage(body, SEED);
  }
}
