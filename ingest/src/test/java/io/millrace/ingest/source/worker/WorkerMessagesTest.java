package io.millrace.ingest.source.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.source.worker.WorkerMessages.Declared;
import io.millrace.ingest.source.worker.WorkerMessages.Ended;
import io.millrace.ingest.source.worker.WorkerMessages.FrameRead;
import io.millrace.ingest.source.worker.WorkerMessages.Hello;
import io.millrace.ingest.source.worker.WorkerMessages.Message;
import io.millrace.ingest.source.worker.WorkerMessages.Opened;
import io.millrace.ingest.source.worker.WorkerMessages.Order;
import io.millrace.ingest.source.worker.WorkerMessages.Ready;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import io.millrace.media.track.Track.VideoFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What goes through the pipes comes out as it went in, within limits. */
class WorkerMessagesTest {
  private static final List<Message> ALL =
      List.of(
          new Hello(""),
          new Opened(List.of("theora", "dvb_subtitle")),
          new Declared(
              new Track(
                  1,
                  1,
                  TrackType.VIDEO,
                  "",
                  "V_MJPEG",
                  CodecPrivateData.EMPTY,
                  0,
                  Optional.of(new VideoFormat(640, 360)),
                  Optional.empty())),
          new Declared(
              new Track(
                  2,
                  2,
                  TrackType.AUDIO,
                  "",
                  "A_AAC",
                  CodecPrivateData.copyOf(new byte[] {0x11, 0x10}),
                  0,
                  Optional.empty(),
                  Optional.of(new AudioFormat(48_000, 2, 0)))),
          new Ready(1_400_000_000L),
          new FrameRead(2, true, WorkerMessages.NO_TIME, ByteBuffer.wrap(new byte[] {1, 2, 3})),
          new Ended("the source ended"));

  private static byte[] bytes(Message message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      WorkerMessages.write(out, message);
    }
    return bytes.toByteArray();
  }

  private static Message read(byte[] bytes, int maxFrameBytes) throws IOException {
    return WorkerMessages.read(new DataInputStream(new ByteArrayInputStream(bytes)), maxFrameBytes);
  }

  @Test
  void everyMessageComesAsItWent() throws Exception {
    for (Message message : ALL) {
      assertThat(read(bytes(message), 3)).isEqualTo(message);
    }
  }

  @Test
  void anOrderComesAsItWentAndHidesItsUrl() throws Exception {
    Order order = new Order("http://u:secret@h/", true, 7, Map.of("listen", "1"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    WorkerMessages.write(new DataOutputStream(bytes), order);
    assertThat(
            WorkerMessages.readOrder(
                new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
        .isEqualTo(order);
    assertThat(order.toString()).doesNotContain("secret");
  }

  @Test
  void aFrameBeyondTheLimitIsRefusedBeforeItIsRead() throws Exception {
    byte[] frame = bytes(new FrameRead(1, true, 0, ByteBuffer.wrap(new byte[4])));
    assertThat(read(frame, 4)).isInstanceOf(FrameRead.class);
    assertThatThrownBy(() -> read(frame, 3))
        .isInstanceOf(IOException.class)
        .hasMessage("4 frame bytes, beyond 3");
  }

  @Test
  void whateverAWorkerSendsOnlyIoExceptionsComeOfIt() throws Exception {
    SplittableRandom random = new SplittableRandom(41);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = bytes(ALL.get(random.nextInt(ALL.size())));
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(read(bytes, 1 << 16)).isNotNull();
      } catch (IOException refused) {
        assertThat(refused).isNotNull();
      }
    }
  }
}
