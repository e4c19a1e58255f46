package io.millrace.ingest.fragmenter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.MediaException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a producer sends, however it is cut into pieces: its fragments are whole and readable by
 * themselves, memory stays within the limits, and the only failure is a refusal.
 */
class FragmenterFuzzTest {
  private static final int MAX_BYTES = 20_000;
  private static final FragmenterSettings SETTINGS =
      new FragmenterSettings(
          MAX_BYTES,
          Duration.ofSeconds(20),
          3,
          MAX_BYTES,
          10,
          128,
          256,
          Duration.ofSeconds(2),
          false,
          true);

  static Stream<byte[]> bodies() {
    MkvSample producer = MkvSample.withTracks(2).tag("a", "b").openCluster(0, 50, 1, 2);
    producer.tag("event", "door").endOfFragment().openCluster(900, 50, 1, 2).tag("next", "");
    byte[] once = MkvSample.withTracks(1).cluster(5, 0, 40, 80).cluster(900, 0).bytes();
    MkvSample twice = new MkvSample().add(ByteBuffer.wrap(once)).add(ByteBuffer.wrap(once));
    return Stream.of(producer.openCluster(1800, 50, 1, 2).bytes(), twice.bytes());
  }

  @MethodSource("bodies")
  @FuzzTest(maxDuration = "60s")
  void bodiesBecomeFragmentsOrAreRefused(byte[] body) {
    String whole = cut(body, Math.max(1, body.length));
    String pieces = cut(body, 7);
    assertThat(pieces).isEqualTo(whole);
  }

  private static String cut(byte[] body, int pieceBytes) {
    StringBuilder dump = new StringBuilder();
    ClusterFragmenter fragmenter = new ClusterFragmenter(SETTINGS, new Dump(dump));
    try {
      for (int at = 0; at < body.length; at += pieceBytes) {
        int length = Math.min(pieceBytes, body.length - at);
        fragmenter.feed(ByteBuffer.wrap(body, at, length));
        assertThat(fragmenter.heldBytes()).isLessThanOrEqualTo(2 * MAX_BYTES + length);
      }
      fragmenter.end();
    } catch (FragmentRefused refused) {
      // Where a limit is noticed depends on the pieces, so that is not compared.
      dump.append(refused.error());
    }
    return dump.toString();
  }

  private record Dump(StringBuilder dump) implements FragmentListener {
    @Override
    public void fragmentBegan(long timecode, long timecodeNanos) {
      dump.append("began ").append(timecode).append('\n');
    }

    @Override
    public void fragmentCompleted(Fragment fragment) {
      try {
        MkvFragment parsed = MkvFragment.parse(fragment.payload());
        assertThat(parsed.frames()).hasSize(fragment.frames());
        assertThat(parsed.clusterTimecodeNanos()).isEqualTo(fragment.timecodeNanos());
        dump.append(fragment.timecode()).append(' ').append(fragment.frames()).append(' ');
        dump.append(fragment.payload().remaining()).append(' ');
        dump.append(fragment.payload().hashCode()).append('\n');
      } catch (MediaException e) {
        throw new AssertionError("a stored fragment cannot be read", e);
      }
    }
  }
}
