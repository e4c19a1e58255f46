package io.millrace.media.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.codec.Framing;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.mkv.StoredFragments;
import io.millrace.media.track.Frame;
import io.millrace.media.track.Track;
import io.millrace.tests.fixtures.Recordings;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.jcodec.codecs.h264.mp4.AvcCBox;
import org.jcodec.common.io.ByteBufferSeekableByteChannel;
import org.jcodec.containers.mp4.MP4Util;
import org.jcodec.containers.mp4.boxes.MovieBox;
import org.jcodec.containers.mp4.boxes.MovieFragmentBox;
import org.jcodec.containers.mp4.boxes.NodeBox;
import org.jcodec.containers.mp4.boxes.TrackFragmentBaseMediaDecodeTimeBox;
import org.jcodec.containers.mp4.boxes.TrakBox;
import org.jcodec.containers.mp4.boxes.TrunBox;
import org.junit.jupiter.api.Test;

/** Another author's parser reads our boxes as we meant them. */
class JcodecBoxesTest {
  private final MkvFragment fragment;
  private final Track video;

  JcodecBoxesTest() throws Exception {
    fragment = StoredFragments.parsed(Recordings.KVSSINK_720P_BFRAMES.bytes()).get(1);
    video = fragment.header().track(1).orElseThrow();
  }

  @Test
  void initSegmentHoldsOneVideoTrackWithItsSetup() throws Exception {
    ByteBuffer init = InitSegment.of(video);

    MovieBox moov =
        MP4Util.parseMovieChannel(ByteBufferSeekableByteChannel.readFromByteBuffer(init));

    TrakBox trak = moov.getVideoTrack();
    assertThat(moov.getTracks()).hasSize(1);
    assertThat(trak.getTimescale()).isEqualTo(90_000);
    assertThat(trak.getTrackHeader().getWidth()).isEqualTo(1280);
    assertThat(trak.getTrackHeader().getHeight()).isEqualTo(720);
    assertThat(trak.getSampleEntries()[0].getFourcc()).isEqualTo("avc1");
    AvcCBox avcC = NodeBox.findFirst(trak.getSampleEntries()[0], AvcCBox.class, "avcC");
    assertThat(avcC.getProfile()).isEqualTo(77);
    assertThat(avcC.getNalLengthSize()).isEqualTo(4);
    assertThat(avcC.getSpsList()).hasSize(1);
    assertThat(avcC.getPpsList()).hasSize(1);
  }

  @Test
  void mediaSegmentHoldsTheSamplesOfTheFragment() throws Exception {
    long base = fragment.clusterTimecodeNanos() - 3_000_000_000L;
    MediaSegment segment =
        MediaSegment.of(
            video, Framing.NATIVE, fragment.frames(), base, OptionalLong.of(41_000_000), 7);
    ByteBuffer bytes = segment.toByteBuffer();

    MovieFragmentBox moof =
        MP4Util.parseMovieFragments(
                ByteBufferSeekableByteChannel.readFromByteBuffer(bytes.duplicate()))
            .getFirst();

    TrackFragmentBaseMediaDecodeTimeBox tfdt =
        NodeBox.findFirstPath(
            moof, TrackFragmentBaseMediaDecodeTimeBox.class, new String[] {"traf", "tfdt"});
    TrunBox trun = NodeBox.findFirstPath(moof, TrunBox.class, new String[] {"traf", "trun"});
    assertThat(tfdt.getBaseMediaDecodeTime()).isEqualTo(270_000).isEqualTo(segment.startTicks());
    List<Frame> frames = fragment.frames();
    assertThat(trun.getSampleCount()).isEqualTo(frames.size());
    long decode = tfdt.getBaseMediaDecodeTime();
    int at = trun.getDataOffset();
    for (int i = 0; i < frames.size(); i++) {
      Frame frame = frames.get(i);
      long shown = decode + (int) trun.getSampleCompositionOffset(i);
      assertThat(shown).isEqualTo((frame.ptsNanos() - base) / 1_000_000 * 90);
      assertThat(trun.getSampleSize(i)).isEqualTo(frame.data().remaining());
      assertThat(bytes.slice(at, frame.data().remaining())).isEqualTo(frame.data());
      assertThat(trun.getSampleFlags(i) == 0x0200_0000).isEqualTo(frame.keyframe());
      decode += trun.getSampleDuration(i);
      at += frame.data().remaining();
    }
    assertThat(at).isEqualTo(bytes.limit());
    assertThat(decode - tfdt.getBaseMediaDecodeTime()).isEqualTo(segment.durationTicks());
  }
}
