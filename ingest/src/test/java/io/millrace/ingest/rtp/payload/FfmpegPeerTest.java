package io.millrace.ingest.rtp.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.ingest.sdp.SdpSettings;
import io.millrace.ingest.sdp.SessionDescription;
import io.millrace.media.mkv.FrameEvent;
import io.millrace.media.mkv.MkvDemuxer;
import io.millrace.media.mkv.MkvHeader;
import io.millrace.media.mkv.MkvListener;
import io.millrace.media.mkv.MkvSettings;
import io.millrace.media.track.Track;
import io.millrace.tests.fixtures.Ffmpeg;
import io.millrace.tests.fixtures.Recordings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ffmpeg sends a file over RTP; the frames that come are those of the file. */
class FfmpegPeerTest {
  private static final int QUIET_MS = 400;

  @TempDir Path folder;

  private Track sent;
  private final List<ByteBuffer> frames = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "H264_OPEN_GOP, v:0, 0",
    "H264_AAC_LIVE, v:0, 0",
    "H264_AAC_LIVE, a:0, 1024",
    "H265_AAC, v:0, 0",
    "VP8, v:0, 0",
    "VP9, v:0, 0",
    "H265_AAC, a:0, 1024"
  })
  void recordingsArriveAsTheyAre(Recordings recording, String stream, int ticks) throws Exception {
    Packets packets = receive(one(recording.copyTo(folder), stream, List.of("-c", "copy")));
    assertThat(packets.dropped).isEmpty();
    List<ByteBuffer> came = packets.units.stream().map(AccessUnit::data).toList();
    // ffmpeg gathers sound in packets and never sends the last it gathered.
    int unsent = ticks > 0 ? frames.size() - came.size() : 0;
    assertThat(unsent).isBetween(0, 10);
    assertThat(came).isEqualTo(frames.subList(0, frames.size() - unsent));
    if (ticks > 0) {
      for (int i = 1; i < packets.units.size(); i++) {
        assertThat(packets.units.get(i).timestamp() - packets.units.get(i - 1).timestamp())
            .isBetween(ticks - 60L, ticks + 60L);
      }
    }
  }

  @Test
  void opusArrivesAsItIs() throws Exception {
    Path tone = folder.resolve("tone.mkv");
    Ffmpeg.run(
        List.of(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440:sample_rate=48000",
            "-t",
            "1",
            "-ac",
            "2",
            "-c:a",
            "libopus",
            "-y",
            tone.toString()));
    Packets packets = receive(one(tone, "a:0", List.of("-c", "copy")));
    assertThat(packets.units.stream().map(AccessUnit::data).toList()).isEqualTo(frames);
  }

  @ParameterizedTest
  @CsvSource({"pcm_mulaw, 8000", "pcm_alaw, 8000", "pcm_alaw, 16000"})
  void g711ArrivesAsItIs(String codec, String hz) throws Exception {
    Path tone = folder.resolve("tone.mkv");
    Ffmpeg.run(
        List.of(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440:sample_rate=" + hz,
            "-t",
            "1",
            "-c:a",
            codec,
            "-y",
            tone.toString()));
    Packets packets = receive(one(tone, "a:0", List.of("-c", "copy")));
    // Sound without frames of its own is cut as the sender likes.
    assertThat(joined(packets.units.stream().map(AccessUnit::data).toList()))
        .isEqualTo(joined(frames));
  }

  private static byte[] joined(List<ByteBuffer> buffers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ByteBuffer each : buffers) {
      byte[] bytes = new byte[each.remaining()];
      each.duplicate().get(bytes);
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  /** The one stream in a file of its own, whose frames are known. */
  private Path one(Path source, String stream, List<String> how) throws Exception {
    Path file = folder.resolve("one.mkv");
    List<String> command =
        new ArrayList<>(
            List.of("ffmpeg", "-v", "error", "-i", source.toString(), "-map", "0:" + stream));
    command.addAll(how);
    command.addAll(List.of("-y", file.toString()));
    Ffmpeg.run(command);
    MkvDemuxer demuxer =
        new MkvDemuxer(
            MkvSettings.LIVE.withDeliveredBytes(Integer.MAX_VALUE),
            new MkvListener() {
              @Override
              public void header(MkvHeader header, long endOffset) {
                sent = header.tracks().getFirst();
              }

              @Override
              public void frame(FrameEvent frame) {
                byte[] copy = new byte[frame.data().remaining()];
                frame.data().duplicate().get(copy);
                frames.add(ByteBuffer.wrap(copy));
              }
            });
    demuxer.feed(ByteBuffer.wrap(Files.readAllBytes(file)));
    return file;
  }

  private Packets receive(Path file) throws Exception {
    Path description = folder.resolve("one.sdp");
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      socket.setReceiveBufferSize(1 << 20);
      socket.setSoTimeout(QUIET_MS);
      Process ffmpeg =
          new ProcessBuilder(
                  "ffmpeg",
                  "-v",
                  "error",
                  "-nostdin",
                  "-readrate",
                  "4",
                  "-i",
                  file.toString(),
                  "-strict",
                  "experimental",
                  "-c",
                  "copy",
                  "-f",
                  "rtp",
                  "-rtpflags",
                  "skip_rtcp",
                  "-sdp_file",
                  description.toString(),
                  "rtp://127.0.0.1:" + socket.getLocalPort() + "?pkt_size=1200")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      List<byte[]> came = new ArrayList<>();
      try {
        while (take(socket, came) || ffmpeg.isAlive()) {
          assertThat(came.size()).isLessThan(100_000);
        }
      } finally {
        ffmpeg.destroyForcibly();
      }
      assertThat(Files.readString(folder.resolve("log"))).isEmpty();
      return depacketized(Files.readString(description), came);
    }
  }

  private static boolean take(DatagramSocket socket, List<byte[]> came) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
    try {
      socket.receive(packet);
      came.add(Arrays.copyOf(packet.getData(), packet.getLength()));
      return true;
    } catch (SocketTimeoutException quiet) {
      return false;
    }
  }

  private Packets depacketized(String description, List<byte[]> came) throws Exception {
    RtpFormat format =
        SessionDescription.parse(description, SdpSettings.defaults())
            .media()
            .getFirst()
            .rtpFormats()
            .getFirst();
    Track track = PayloadFormats.track(1, format);
    assertThat(track.codecId()).isEqualTo(sent.codecId());
    if (track.codecId().startsWith("V_")) {
      assertThat(PayloadFormats.format(96, track).parameters())
          .isEqualTo(PayloadFormats.format(96, sent).parameters());
    }
    Packets packets = new Packets(format);
    for (byte[] each : came) {
      packets.packet(RtpPacket.parse(ByteBuffer.wrap(each)));
    }
    return packets.flush();
  }
}
