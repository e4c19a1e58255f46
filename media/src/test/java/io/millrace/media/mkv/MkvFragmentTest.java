package io.millrace.media.mkv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.track.Frame;
import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.MediaException;
import io.millrace.tests.fixtures.ParserTorture;
import io.millrace.tests.fixtures.Recordings;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class MkvFragmentTest {
  @Test
  void framesAreReadOnlyViewsOfThePayload() throws Exception {
    ByteBuffer payload = StoredFragments.payloads(Recordings.KVSSINK_360P_AAC.bytes()).getFirst();
    ByteBuffer shifted = ByteBuffer.allocate(payload.remaining() + 7).position(7);
    shifted.put(payload.duplicate()).position(7);

    MkvFragment fragment = MkvFragment.parse(shifted);

    assertThat(shifted.position()).isEqualTo(7);
    assertThat(fragment.frames()).hasSize(47);
    assertThat(fragment.clusterTimecodeNanos()).isEqualTo(1_795_222_706_776_000_000L);
    Frame frame = fragment.frames().get(1);
    assertThat(frame.data().isReadOnly()).isTrue();
    byte before = frame.data().get(0);
    for (int i = 7; i < shifted.limit(); i++) {
      shifted.put(i, (byte) ~shifted.get(i));
    }
    assertThat(frame.data().get(0)).isEqualTo((byte) ~before);
  }

  @Test
  void tagsBeforeTheClusterAreKeptInOrderAndTheirPlaceIsTold() throws Exception {
    ByteBuffer first = StoredFragments.payloads(Recordings.GET_MEDIA_REPLY.bytes()).getFirst();

    MkvFragment fragment = MkvFragment.parse(first);

    assertThat(fragment.headerEnd()).isEqualTo(551);
    assertThat(fragment.clusterStart()).isEqualTo(1159);
    assertThat(fragment.tags())
        .hasSize(10)
        .first()
        .extracting(SimpleTag::name)
        .isEqualTo("COMPATIBLE_BRANDS");
    assertThat(fragment.tags().getLast())
        .isEqualTo(new SimpleTag("AWS_KINESISVIDEO_PRODUCER_TIMESTAMP", "1511852108.513"));
  }

  @Test
  void aPayloadIsOneDocumentWithOneCluster() {
    byte[] reply = Recordings.GET_MEDIA_REPLY.bytes();

    assertThatThrownBy(() -> MkvFragment.parse(ByteBuffer.wrap(reply)))
        .isInstanceOf(MalformedMedia.class)
        .hasMessageContaining("this has 5 and 5");
    assertThatThrownBy(() -> MkvFragment.parse(ByteBuffer.allocate(0)))
        .isInstanceOf(MalformedMedia.class);
  }

  @Test
  void damagedPayloadsAreRefusedOrRead() throws Exception {
    ByteBuffer payload = StoredFragments.payloads(Recordings.H264_OPEN_GOP.bytes()).getFirst();
    ParserTorture torture =
        new ParserTorture(
            pieces -> {
              MkvFragment fragment = MkvFragment.parse(pieces.iterator().next());
              return fragment.headerEnd() + " " + fragment.frames().size();
            },
            e -> e instanceof MediaException,
            1500,
            200,
            4 << 20);

    torture.cut(payload.array(), 7);
    torture.damage(payload.array(), 7);
  }

  @Test
  void flagsComeBackAndTheFormatIdIsStable() throws Exception {
    for (int flags = 0; flags < 1 << 16; flags++) {
      assertThat(FragmentTraits.of(flags).flags()).isEqualTo(flags);
    }
    for (int millis : new int[] {Short.MIN_VALUE, -1, 0, 1, 120, Short.MAX_VALUE}) {
      FragmentTraits traits =
          new FragmentTraits(
              true, true, false, false, false, true, false, millis, CaptureTraits.PRODUCER);
      assertThat(FragmentTraits.of(traits.flags())).isEqualTo(traits);
    }
    assertThatThrownBy(
            () ->
                new FragmentTraits(
                    true, true, false, false, false, false, false, 32_768, CaptureTraits.UNKNOWN))
        .isInstanceOf(IllegalArgumentException.class);
    List<MkvFragment> sink = StoredFragments.parsed(Recordings.KVSSINK_360P_AAC.bytes());
    List<MkvFragment> other = StoredFragments.parsed(Recordings.KVSSINK_720P_BFRAMES.bytes());

    int id = FragmentTraits.formatId(sink.getFirst().header().tracks());
    assertThat(id).isEqualTo(FragmentTraits.formatId(sink.getLast().header().tracks()));
    assertThat(id).isNotEqualTo(FragmentTraits.formatId(other.getFirst().header().tracks()));
    assertThat(Integer.toHexString(id)).isEqualTo("ac74c3d0");
  }
}
