package io.millrace.ingest.fragmenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.ingest.fragmenter.MkvSample.Collected;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.mkv.SimpleTag;
import io.millrace.tests.fixtures.Recordings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterFragmenterTest {
  private static final FragmenterSettings DEFAULTS = FragmenterSettings.defaults();

  private static Collected cut(FragmenterSettings settings, byte[] body, int pieceBytes) {
    Collected collected = new Collected();
    ClusterFragmenter fragmenter = new ClusterFragmenter(settings, collected);
    ByteBuffer all = ByteBuffer.wrap(body);
    while (all.hasRemaining()) {
      int n = Math.min(pieceBytes, all.remaining());
      fragmenter.feed(all.slice(all.position(), n));
      all.position(all.position() + n);
    }
    fragmenter.end();
    return collected;
  }

  private static Collected cut(MkvSample sample) {
    return cut(DEFAULTS, sample.bytes(), Integer.MAX_VALUE);
  }

  private static FragmentRefused refusal(FragmenterSettings settings, MkvSample sample) {
    return catchThrowableOfType(
        FragmentRefused.class, () -> cut(settings, sample.bytes(), Integer.MAX_VALUE));
  }

  private static IngestError error(MkvSample sample) {
    FragmentRefused refused = refusal(DEFAULTS, sample);
    return refused == null ? null : refused.error();
  }

  private static List<String> tagNames(Fragment fragment) throws Exception {
    return MkvFragment.parse(fragment.payload()).tags().stream().map(SimpleTag::name).toList();
  }

  /** What matters of a body's fragments, to compare two ways of cutting it. */
  private static String dump(Collected collected) {
    return collected.fragments.stream()
        .map(
            f ->
                "%d %d+%d %d frames %d bytes %08x %s"
                    .formatted(
                        f.timecode(),
                        f.timecodeNanos(),
                        f.durationNanos(),
                        f.frames(),
                        f.payload().remaining(),
                        f.payload().hashCode(),
                        f.traits()))
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Recordings.class,
      names = {"KVSSINK_.*", "PRODUCER_C_RELATIVE", "CLUSTERS", "H26.*_AAC|H264_AAC_LIVE"},
      mode = EnumSource.Mode.MATCH_ANY)
  void everyByteOfAClusterIsKeptHoweverItArrives(Recordings recording) throws Exception {
    byte[] body = recording.bytes();
    Collected whole = cut(DEFAULTS, body, Integer.MAX_VALUE);
    assertThat(whole.fragments).hasSizeGreaterThan(1);
    int at = 0;
    for (Fragment fragment : whole.fragments) {
      MkvFragment parsed = MkvFragment.parse(fragment.payload());
      assertThat(parsed.frames()).hasSize(fragment.frames());
      byte[] payload = new byte[fragment.payload().remaining()];
      fragment.payload().get(fragment.payload().position(), payload);
      byte[] cluster = Arrays.copyOfRange(payload, parsed.clusterStart(), payload.length);
      int found = indexOf(body, cluster, at);
      assertThat(found).as("cluster at %d".formatted(fragment.timecode())).isNotNegative();
      at = found + cluster.length;
      assertThat(fragment.durationNanos()).isBetween(1L, 20_000_000_000L);
    }
    assertThat(dump(cut(DEFAULTS, body, 1021))).isEqualTo(dump(whole));
    assertThat(dump(cut(DEFAULTS, body, 65_536))).isEqualTo(dump(whole));
    if (body.length < 600_000) {
      assertThat(dump(cut(DEFAULTS, body, 1))).isEqualTo(dump(whole));
    }
  }

  private static int indexOf(byte[] body, byte[] part, int from) {
    for (int i = from; i + part.length <= body.length; i++) {
      if (Arrays.equals(body, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void saysWhatTheFragmentsAre() {
    Collected bFrames = cut(DEFAULTS, Recordings.KVSSINK_720P_BFRAMES.bytes(), 4096);
    assertThat(bFrames.fragments).hasSize(4);
    Fragment first = bFrames.fragments.get(0);
    assertThat(first.timecode()).isEqualTo(1_795_222_668_127L);
    assertThat(first.frames()).isEqualTo(48);
    assertThat(first.traits().startsWithKeyframe()).isTrue();
    assertThat(first.traits().hasVideo()).isTrue();
    assertThat(first.traits().hasAudio()).isFalse();
    assertThat(first.traits().firstOfSession()).isTrue();
    assertThat(first.traits().explicitEnd()).isFalse();
    Fragment last = bFrames.fragments.get(3);
    assertThat(last.traits().firstOfSession()).isFalse();
    assertThat(last.traits().explicitEnd()).isTrue();
    assertThat(Duration.ofNanos(first.durationNanos()))
        .isBetween(Duration.ofMillis(1990), Duration.ofMillis(2100));
    Collected sound = cut(DEFAULTS, Recordings.KVSSINK_360P_AAC.bytes(), 4096);
    assertThat(sound.fragments.get(0).traits().hasAudio()).isTrue();
  }

  @Test
  void endsAFragmentAtItsTag() {
    MkvSample sample = MkvSample.withTracks(1).openCluster(0, 100, 1).endOfFragment();
    Collected collected = new Collected();
    ClusterFragmenter fragmenter = new ClusterFragmenter(DEFAULTS, collected);
    byte[] body = sample.bytes();
    fragmenter.feed(ByteBuffer.wrap(body, 0, body.length - 1));
    assertThat(collected.began).containsExactly(0L);
    assertThat(collected.fragments).isEmpty();
    assertThat(fragmenter.isOpen()).isTrue();
    fragmenter.feed(ByteBuffer.wrap(body, body.length - 1, 1));
    assertThat(collected.fragments).hasSize(1);
    assertThat(fragmenter.isOpen()).isFalse();
  }

  @Test
  void endsASizedClusterWithItsLastByte() {
    Collected collected = new Collected();
    ClusterFragmenter fragmenter = new ClusterFragmenter(DEFAULTS, collected);
    fragmenter.feed(ByteBuffer.wrap(MkvSample.withTracks(1).cluster(0, 0, 40).bytes()));
    assertThat(collected.fragments).hasSize(1);
    assertThat(collected.fragments.getFirst().durationNanos()).isEqualTo(80_000_000);
  }

  @Test
  void filesTagsWithTheNextFragment() throws Exception {
    Collected collected =
        cut(
            MkvSample.withTracks(1)
                .tag("first", "1")
                .openCluster(0, 100, 1)
                .tag("second", "2")
                .tag("more", "")
                .openCluster(1000, 100, 1)
                .openCluster(2000, 100, 1));
    assertThat(tagNames(collected.fragments.get(0))).containsExactly("first");
    assertThat(tagNames(collected.fragments.get(1))).containsExactly("second", "more");
    assertThat(tagNames(collected.fragments.get(2))).isEmpty();
    assertThat(collected.fragments.get(0).traits().hasTags()).isTrue();
    assertThat(collected.fragments.get(2).traits().hasTags()).isFalse();
  }

  @Test
  void filesTagsBeforeAnEndOfFragmentWithTheFragmentThatEnds() throws Exception {
    Collected collected =
        cut(
            MkvSample.withTracks(1)
                .openCluster(0, 100, 1)
                .tag("event", "door")
                .endOfFragment()
                .openCluster(1000, 100, 1)
                .endOfFragment());
    assertThat(tagNames(collected.fragments.get(0))).containsExactly("event");
    assertThat(MkvFragment.parse(collected.fragments.get(0).payload()).frames()).hasSize(1);
    assertThat(tagNames(collected.fragments.get(1))).isEmpty();
  }

  @Test
  void neverStoresTheServicesOwnTags() throws Exception {
    Collected collected =
        cut(
            MkvSample.withTracks(1)
                .add(
                    MkvMuxer.tags(
                        List.of(
                            new SimpleTag("AWS_KINESISVIDEO_FRAGMENT_NUMBER", "5"),
                            new SimpleTag("kept", "x"))))
                .openCluster(0, 100, 1));
    assertThat(tagNames(collected.fragments.get(0))).containsExactly("kept");
  }

  @Test
  void keepsADocumentsOwnTagsInEveryHeader() throws Exception {
    Collected collected = cut(DEFAULTS, Recordings.CLUSTERS.bytes(), 65_536);
    for (Fragment fragment : collected.fragments) {
      assertThat(tagNames(fragment)).contains("ENCODER");
      assertThat(fragment.traits().hasTags()).isFalse();
    }
  }

  @Test
  void handsOnAFragmentThatWaitsForTagsWhenItIsQuiet() {
    Collected collected = new Collected();
    ClusterFragmenter fragmenter = new ClusterFragmenter(DEFAULTS, collected);
    fragmenter.feed(
        ByteBuffer.wrap(MkvSample.withTracks(1).openCluster(0, 100, 1).tag("next", "").bytes()));
    assertThat(collected.fragments).isEmpty();
    fragmenter.quiet();
    assertThat(collected.fragments).hasSize(1);
    fragmenter.quiet();
    assertThat(collected.fragments).hasSize(1);
  }

  @Test
  void boundsTheSizeOfAFragment() {
    FragmenterSettings small =
        new FragmenterSettings(
            1000, Duration.ofSeconds(20), 3, 4 << 20, 10, 128, 256, Duration.ZERO, true, false);
    int overhead = MkvSample.withTracks(1).openCluster(0, 1, 1).size();
    overhead -= MkvSample.withTracks(1).size() + 1;
    // A frame of 127 bytes and more needs a size field of two bytes.
    int largest = 1000 - overhead - 1;
    MkvSample fits = MkvSample.withTracks(1).openCluster(0, largest, 1).endOfFragment();
    assertThat(refusal(small, fits)).isNull();
    MkvSample over = MkvSample.withTracks(1).openCluster(0, largest + 1, 1).endOfFragment();
    assertThat(refusal(small, over).error()).isEqualTo(IngestError.MAX_FRAGMENT_SIZE_REACHED);
    // Bounded also while it is still open, whatever it declares.
    ClusterFragmenter open = new ClusterFragmenter(small, new Collected());
    byte[] huge = MkvSample.withTracks(1).openCluster(0, 100_000, 1).bytes();
    assertThat(
            catchThrowableOfType(
                    FragmentRefused.class, () -> open.feed(ByteBuffer.wrap(huge, 0, 2000)))
                .error())
        .isEqualTo(IngestError.MAX_FRAGMENT_SIZE_REACHED);
  }

  @Test
  void boundsTheDurationOfAFragment() {
    assertThat(error(MkvSample.withTracks(1).cluster(5, 0, 20_000))).isNull();
    assertThat(error(MkvSample.withTracks(1).cluster(5, 0, 20_001)))
        .isEqualTo(IngestError.MAX_FRAGMENT_DURATION_REACHED);
  }

  @Test
  void boundsTheNumberOfTracks() {
    assertThat(error(MkvSample.withTracks(3).openCluster(0, 10, 1, 2, 3))).isNull();
    assertThat(error(MkvSample.withTracks(4).openCluster(0, 10, 1, 2, 3, 4)))
        .isEqualTo(IngestError.MORE_THAN_ALLOWED_TRACKS_FOUND);
  }

  @Test
  void wantsFramesOfEveryDeclaredTrackAndNoOther() {
    assertThat(error(MkvSample.withTracks(2).openCluster(0, 10, 1)))
        .isEqualTo(IngestError.FRAMES_MISSING_FOR_TRACK);
    assertThat(error(MkvSample.withTracks(1).cluster(0)))
        .isEqualTo(IngestError.FRAMES_MISSING_FOR_TRACK);
    assertThat(error(MkvSample.withTracks(1).openCluster(0, 10, 1, 2)))
        .isEqualTo(IngestError.TRACK_NUMBER_MISMATCH);
  }

  @Test
  void boundsTags() {
    MkvSample ten = MkvSample.withTracks(1).openCluster(0, 10, 1);
    IntStream.range(0, 10).forEach(i -> ten.tag("n" + i, ""));
    assertThat(error(ten.openCluster(100, 10, 1))).isNull();
    MkvSample eleven = MkvSample.withTracks(1).openCluster(0, 10, 1);
    IntStream.range(0, 11).forEach(i -> eleven.tag("n" + i, ""));
    assertThat(error(eleven)).isEqualTo(IngestError.FRAGMENT_METADATA_LIMIT_REACHED);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void boundsTagNamesAndValues(int beyond) {
    IngestError expected = beyond == 0 ? null : IngestError.FRAGMENT_METADATA_LIMIT_REACHED;
    // A letter of two bytes in UTF-8: the limits are in bytes.
    String name = "ä".repeat(64) + "x".repeat(beyond);
    String value = "ä".repeat(128) + "x".repeat(beyond);
    assertThat(error(MkvSample.withTracks(1).tag(name, "").openCluster(0, 10, 1)))
        .isEqualTo(expected);
    assertThat(error(MkvSample.withTracks(1).tag("n", value).openCluster(0, 10, 1)))
        .isEqualTo(expected);
  }

  @Test
  void keepsReservedTagNamesForTheirMeaning() {
    assertThat(error(MkvSample.withTracks(1).tag("AWS_OTHER", "").openCluster(0, 10, 1)))
        .isEqualTo(IngestError.FRAGMENT_METADATA_LIMIT_REACHED);
    assertThat(
            error(
                MkvSample.withTracks(1)
                    .tag("AWS_KINESISVIDEO_IMAGE_GENERATION", "")
                    .openCluster(0, 10, 1)))
        .isNull();
  }

  @Test
  void wantsFragmentsInOrderWithinTheTolerance() {
    // The last frame of the first lies at 5 s; B-frames may reach over the start of the next.
    assertThat(error(MkvSample.withTracks(1).cluster(0, 0, 5_000).cluster(3_000, 0))).isNull();
    assertThat(error(MkvSample.withTracks(1).cluster(0, 0, 5_000).cluster(2_999, 0)))
        .isEqualTo(IngestError.FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS);
    assertThat(error(MkvSample.withTracks(1).cluster(10, 0).cluster(10, 0))).isNull();
    assertThat(error(MkvSample.withTracks(1).cluster(10, 0).cluster(9, 0)))
        .isEqualTo(IngestError.FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS);
  }

  @Test
  void boundsWhatStandsBeforeACluster() {
    FragmenterSettings small =
        new FragmenterSettings(
            1000, Duration.ofSeconds(20), 3, 2000, 10, 128, 256, Duration.ZERO, true, false);
    ByteBuffer filler = ByteBuffer.allocate(1700).put((byte) 0xEC).put((byte) 0x46);
    filler.put((byte) 0xA1).rewind();
    assertThat(MkvSample.withTracks(1).size() + filler.capacity()).isBetween(1800, 2000);
    MkvSample fits = MkvSample.withTracks(1).add(filler.duplicate());
    assertThat(refusal(small, fits)).isNull();
    assertThat(refusal(small, fits.add(filler.duplicate())).error())
        .isEqualTo(IngestError.INVALID_MKV_DATA);
  }

  @Test
  void refusesWhatIsNotMatroska() {
    assertThat(error(new MkvSample().add(ByteBuffer.wrap("RIFF".getBytes()))))
        .isEqualTo(IngestError.INVALID_MKV_DATA);
    MkvSample torn = MkvSample.withTracks(1).openCluster(0, 10, 1);
    byte[] cut = Arrays.copyOf(torn.bytes(), torn.size() - 1);
    assertThat(error(new MkvSample().add(ByteBuffer.wrap(cut))))
        .isEqualTo(IngestError.INVALID_MKV_DATA);
    assertThat(error(MkvSample.withTracks(0).cluster(0, 0)))
        .isEqualTo(IngestError.INVALID_MKV_DATA);
  }

  @Test
  void refusesASegmentWithoutItsHeader() {
    byte[] body = MkvSample.withTracks(1).openCluster(0, 10, 1).bytes();
    int segment = indexOf(body, new byte[] {0x18, 0x53, (byte) 0x80, 0x67}, 0);
    byte[] headless = Arrays.copyOfRange(body, segment, body.length);
    assertThat(error(new MkvSample().add(ByteBuffer.wrap(headless))))
        .isEqualTo(IngestError.INVALID_MKV_DATA);
    MkvSample second = new MkvSample().add(ByteBuffer.wrap(body));
    assertThat(error(second.add(ByteBuffer.wrap(headless))))
        .isEqualTo(IngestError.INVALID_MKV_DATA);
  }

  @Test
  void takesSeveralDocumentsOnlyWhereAllowed() {
    byte[] once = MkvSample.withTracks(1).openCluster(5_000, 10, 1).bytes();
    MkvSample twice = new MkvSample().add(ByteBuffer.wrap(once)).add(ByteBuffer.wrap(once));
    assertThat(error(twice)).isEqualTo(IngestError.INVALID_MKV_DATA);
    FragmenterSettings many =
        new FragmenterSettings(
            1000, Duration.ofSeconds(20), 3, 2000, 10, 128, 256, Duration.ZERO, true, true);
    Collected collected = cut(many, twice.bytes(), 7);
    assertThat(collected.fragments).hasSize(2);
    assertThat(collected.fragments).allMatch(f -> f.traits().firstOfSession());
  }

  @Test
  void stopsAtFilesWithoutClusters() {
    assertThat(cut(DEFAULTS, Recordings.EMPTY_WITH_TAGS.bytes(), 100).fragments).isEmpty();
    assertThat(cut(DEFAULTS, Recordings.TAGS_ONLY.bytes(), 1).fragments).isEmpty();
  }

  @Test
  void doesNotKeepTheArrayOfALargeFragmentForASmallOne() {
    MkvSample sample = MkvSample.withTracks(1).openCluster(0, 5_000_000, 1);
    Collected collected = cut(sample.openCluster(1000, 100, 1));
    ByteBuffer small = collected.fragments.get(1).payload();
    assertThat(small.array().length).isLessThan(10_000);
  }

  @Test
  void tellsOfBytesAsTheyComeAndNeverOfTheNextElement() {
    byte[] body =
        MkvSample.withTracks(1)
            .tag("before", "1")
            .openCluster(1000, 300, 1, 1)
            .tag("late", "2")
            .endOfFragment()
            .cluster(2000, 0, 40)
            .openCluster(3000, 5, 1)
            .bytes();
    for (int piece : new int[] {1, 7, 100, body.length}) {
      List<ByteBuffer> grown = new ArrayList<>();
      List<Integer> heads = new ArrayList<>();
      MkvSample.Collected seen =
          new MkvSample.Collected() {
            @Override
            public void fragmentBegan(long timecode, long timecodeNanos) {
              super.fragmentBegan(timecode, timecodeNanos);
              grown.add(ByteBuffer.allocate(0));
              heads.add(0);
            }

            @Override
            public void fragmentGrew(byte[] bytes, int headBytes, int sizeBytes) {
              ByteBuffer now = ByteBuffer.wrap(bytes.clone(), 0, sizeBytes);
              ByteBuffer before = grown.set(grown.size() - 1, now);
              heads.set(heads.size() - 1, headBytes);
              assertThat(sizeBytes).isGreaterThan(before.remaining());
              assertThat(now.slice(0, before.remaining())).isEqualTo(before);
            }
          };
      ClusterFragmenter fragmenter = new ClusterFragmenter(DEFAULTS, seen);
      for (int at = 0; at < body.length; at += piece) {
        fragmenter.feed(ByteBuffer.wrap(body, at, Math.min(piece, body.length - at)));
      }
      fragmenter.end();
      assertThat(seen.fragments).hasSize(3);
      for (int i = 0; i < 3; i++) {
        ByteBuffer payload = seen.fragments.get(i).payload();
        ByteBuffer told = grown.get(i);
        int head = heads.get(i);
        int clusterBytes = told.remaining() - head;
        assertThat(told.slice(0, head)).isEqualTo(payload.slice(0, head));
        assertThat(told.slice(head, clusterBytes))
            .isEqualTo(payload.slice(payload.remaining() - clusterBytes, clusterBytes));
        assertThat(payload.remaining() > told.remaining()).as("late tags").isEqualTo(i == 0);
      }
    }
  }
}
