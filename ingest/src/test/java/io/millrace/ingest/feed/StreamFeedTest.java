package io.millrace.ingest.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.media.codec.InBandSetup;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.mkv.FragmentTraits;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.ClockSource;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Frame;
import io.millrace.media.track.GapReason;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.LiveFragment;
import io.millrace.store.fragment.StreamEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Frames through a feed into a real store. */
class StreamFeedTest extends FeedsOfAStore {
  @Test
  void keyframesBeginFragmentsAndEveryFrameIsKept() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          feed.frame(1, at(START - FRAME), false, slice(99));
          for (int second = 0; second < 3; second++) {
            group(feed, SMALL, START + second * 1000 * MILLI, 25);
          }
          feed.end(Feed.End.SOURCE_ENDED);
        });
    List<FragmentEntry> entries = stored("cam", 3);
    assertThat(entries).hasSize(3);
    for (int i = 0; i < 3; i++) {
      FragmentEntry entry = entries.get(i);
      assertThat(entry.producerTimeNanos()).isEqualTo(START + i * 1000 * MILLI);
      assertThat(entry.durationNanos()).isEqualTo(1000 * MILLI);
      MkvFragment fragment = read("cam", entry);
      assertThat(fragment.frames()).hasSize(25);
      assertThat(fragment.frames().getFirst().data()).isEqualTo(idr(SMALL));
      assertThat(fragment.frames().get(7).data()).isEqualTo(slice(7));
      Track track = fragment.header().tracks().getFirst();
      assertThat(track)
          .as("the setup that travelled in band")
          .isEqualTo(InBandSetup.apply(video(CodecPrivateData.EMPTY), idr(SMALL)));
      assertThat(track.video()).isPresent();

      FragmentTraits traits = FragmentTraits.of(entry.flags());
      assertThat(traits.startsWithKeyframe()).isTrue();
      assertThat(traits.firstOfSession()).isEqualTo(i == 0);
      assertThat(traits.capture().clock()).isEqualTo(ClockSource.CAMERA_NTP);
      assertThat(traits.capture().maxErrorNanos()).isBetween(3 * MILLI, 8 * MILLI);
    }
    List<StreamEvent> events = events("cam", 1);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().kind()).isEqualTo(GapReason.NO_PRODUCER.code());
    assertThat(events.getFirst().startNanos()).isEqualTo(START + 3000 * MILLI);
  }

  @Test
  void aNewPictureSizeBeginsAFragmentAtOnce() throws Exception {
    byte[] other = SMALL.clone();
    // profile_compatibility flags differ: another setup of the same size
    other[2] = (byte) 0xe0;
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          group(feed, SMALL, START, 10);
          group(feed, other, START + 10 * FRAME, 10);
          group(feed, other, START + 20 * FRAME, 10);
          feed.end(Feed.End.CONNECTION_LOST);
        });
    List<FragmentEntry> entries = stored("cam", 2);
    assertThat(entries).as("the same setup again does not cut").hasSize(2);
    assertThat(entries.get(0).formatId()).isNotEqualTo(entries.get(1).formatId());
    CodecPrivateData setup =
        read("cam", entries.get(1)).header().tracks().getFirst().codecPrivate();
    assertThat(AvcConfig.parse(setup.view()).sps().getFirst()).isEqualTo(ByteBuffer.wrap(other));
    assertThat(events("cam", 1).getFirst().kind()).isEqualTo(GapReason.CONNECTION_LOST.code());
  }

  @Test
  void lateSoundJoinsAtAKeyframe() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          group(feed, SMALL, START, 25);
          feed.track(sound());
          feed.frame(2, at(START + 24 * FRAME), true, ByteBuffer.wrap(new byte[] {1}));
          group(feed, SMALL, START + 25 * FRAME, 25);
          feed.frame(2, at(START + 49 * FRAME), true, ByteBuffer.wrap(new byte[] {2}));
          feed.end(Feed.End.SOURCE_ENDED);
        });
    List<FragmentEntry> entries = stored("cam", 2);
    assertThat(read("cam", entries.get(0)).header().tracks()).hasSize(1);
    MkvFragment second = read("cam", entries.get(1));
    assertThat(second.header().tracks()).hasSize(2);
    assertThat(second.frames().stream().filter(frame -> frame.trackNumber() == 2).map(Frame::data))
        .containsExactly(ByteBuffer.wrap(new byte[] {2}));
    assertThat(server.metrics.stream("cam").droppedFrames().sum()).isEqualTo(1);
  }

  @Test
  void firstFramesWaitForTheOtherTracks() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          feed.track(sound());
          group(feed, SMALL, START, 5);
          feed.frame(2, at(START + FRAME), true, ByteBuffer.wrap(new byte[] {1}));
          feed.end(Feed.End.SOURCE_ENDED);
        });
    MkvFragment only = read("cam", stored("cam", 1).getFirst());
    assertThat(only.header().tracks()).hasSize(2);
    assertThat(only.frames()).hasSize(6);
  }

  @Test
  void liveReadersSeeEachFrameAtOnce() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          group(feed, SMALL, START, 3);
        });
    LiveFragment live = server.catalog.fragments("cam").live().next(null);
    assertThat(live).isNotNull();
    int before = live.view().cluster().remaining();
    byte[] shown = new byte[before];
    live.view().cluster().get(shown);
    run(() -> feed.frame(1, at(START + 3 * FRAME), false, slice(3)));
    LiveFragment.View after = live.view();
    assertThat(after.cluster().remaining()).isGreaterThan(before);
    assertThat(after.cluster().slice(0, before)).isEqualTo(ByteBuffer.wrap(shown));
    run(() -> feed.end(Feed.End.SOURCE_ENDED));
    stored("cam", 1);
  }

  @Test
  void aSecondSourceTakesTheStreamOver() throws Exception {
    Feed first = feed("cam");
    run(
        () -> {
          first.track(video(CodecPrivateData.EMPTY));
          group(first, SMALL, START, 3);
        });
    Feed second = feed("cam");
    await().until(() -> closed.size() == 1);
    assertThat(closed.getFirst()).contains("another source");
    run(
        () -> {
          second.track(video(CodecPrivateData.EMPTY));
          group(second, SMALL, START + 1000 * MILLI, 3);
          first.frame(1, at(START + 2000 * MILLI), false, slice(1));
          second.end(Feed.End.SOURCE_ENDED);
        });
    assertThat(stored("cam", 2)).hasSize(2);
  }

  @Test
  void framesWithoutSetupAreNotStoredAndSaidToBe() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          feed.frame(1, at(START), true, units(new byte[] {0x65, 1}));
          feed.frame(1, at(START + FRAME), false, slice(1));
          group(feed, SMALL, START + 2 * FRAME, 2);
          feed.end(Feed.End.SOURCE_ENDED);
        });
    assertThat(stored("cam", 1).getFirst().producerTimeNanos()).isEqualTo(START + 2 * FRAME);
    assertThat(events("cam", 2).getFirst().detail()).contains("no parameter sets");
  }

  private static Track video(String codecId) {
    Track h264 = video(CodecPrivateData.EMPTY);
    return new Track(
        1,
        1,
        h264.type(),
        "",
        codecId,
        CodecPrivateData.EMPTY,
        0,
        Optional.empty(),
        Optional.empty());
  }

  private static ByteBuffer vp8Keyframe(int width, int height) {
    ByteBuffer frame = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    frame.put(new byte[] {0x10, 2, 0, (byte) 0x9d, 1, 0x2a});
    return frame.putShort((short) width).putShort((short) height).putShort((short) 0).flip();
  }

  @Test
  void anotherSizeBeginsAnotherFormat() throws Exception {
    Feed feed = feed("vp8");
    run(
        () -> {
          feed.track(video("V_VP8"));
          feed.frame(1, at(START), true, vp8Keyframe(320, 180));
          feed.frame(1, at(START + FRAME), false, ByteBuffer.wrap(new byte[] {0x11}));
          feed.frame(1, at(START + 1000 * MILLI), true, vp8Keyframe(640, 360));
          feed.frame(1, at(START + 1000 * MILLI + FRAME), true, vp8Keyframe(640, 360));
          feed.end(Feed.End.SOURCE_ENDED);
        });
    List<FragmentEntry> stored = stored("vp8", 2);
    assertThat(stored.get(1).producerTimeNanos()).isEqualTo(START + 1000 * MILLI);
    assertThat(stored.get(0).formatId()).isNotEqualTo(stored.get(1).formatId());
  }

  @Test
  void av1WithoutSequenceHeaderIsSaidToBe() throws Exception {
    Feed feed = feed("av1");
    run(
        () -> {
          feed.track(video("V_AV1"));
          feed.frame(1, at(START), true, ByteBuffer.wrap(new byte[] {0x32, 1, 0x10}));
          feed.end(Feed.End.SOURCE_ENDED);
        });
    assertThat(events("av1", 1).getFirst().detail()).contains("no sequence header");
  }

  @Test
  void limitsAndBadNames() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          for (int number = 1; number <= FeedSettings.defaults().maxTracks(); number++) {
            feed.track(
                new Track(
                    number,
                    number,
                    TrackType.AUDIO,
                    "",
                    "A_OPUS",
                    CodecPrivateData.EMPTY,
                    0,
                    Optional.empty(),
                    Optional.empty()));
          }
        });
    assertThatThrownBy(() -> run(() -> feed.track(video(CodecPrivateData.EMPTY))))
        .hasMessageContaining("more than 8 tracks");
    assertThatThrownBy(() -> feed("no/name"))
        .cause()
        .isInstanceOfSatisfying(
            AwsException.class,
            refused -> assertThat(refused.error()).isEqualTo(AwsError.INVALID_ARGUMENT));
    run(() -> feed.end(Feed.End.SOURCE_ENDED));
  }

  @Test
  void shutdownEndsFeedsWithTheirLastFragment() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          group(feed, SMALL, START, 3);
        });
    server.ingest.drain().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(stored("cam", 1)).hasSize(1);
    assertThat(events("cam", 1).getFirst().kind()).isEqualTo(GapReason.SERVER_STOPPED.code());
    assertThat(closed).hasSize(1);
  }
}
