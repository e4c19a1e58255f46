package io.millrace.tests.network;

import io.millrace.media.mkv.FrameEvent;
import io.millrace.media.mkv.MkvDemuxer;
import io.millrace.media.mkv.MkvListener;
import io.millrace.media.mkv.MkvSettings;
import io.millrace.media.track.MediaException;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The pictures of a stream as GetMedia gives them. */
final class StoredFrames {
  private static final int QUIET_MILLIS = 2000;

  /**
   * A frame that is stored.
   *
   * @param nanos its time, epoch ns, to the millisecond
   */
  record Stored(long nanos, String md5) {}

  private StoredFrames() {}

  /** All of them, in the order stored; waits until nothing more comes for a while. */
  static List<Stored> of(ServerProcess server, String stream) throws IOException, MediaException {
    String body =
        "{\"StreamName\":\"%s\",\"StartSelector\":{\"StartSelectorType\":\"EARLIEST\"}}"
            .formatted(stream);
    HttpURLConnection connection =
        (HttpURLConnection) server.endpoint().resolve("/getMedia").toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setReadTimeout(QUIET_MILLIS);
    connection.setRequestProperty("Content-Type", "application/json");
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body.getBytes(StandardCharsets.US_ASCII));
    }
    List<Stored> frames = new ArrayList<>();
    MkvDemuxer demuxer =
        new MkvDemuxer(
            MkvSettings.LIVE.withDeliveredBytes(Integer.MAX_VALUE),
            new MkvListener() {
              @Override
              public void frame(FrameEvent frame) {
                frames.add(new Stored(frame.ptsNanos(), md5(frame.data())));
              }
            });
    byte[] room = new byte[1 << 16];
    try (InputStream in = connection.getInputStream()) {
      for (int got = in.read(room); got >= 0; got = in.read(room)) {
        demuxer.feed(ByteBuffer.wrap(room, 0, got));
      }
    } catch (SocketTimeoutException e) {
      // Live media never end by themselves.
    } finally {
      connection.disconnect();
    }
    return frames;
  }

  static String md5(ByteBuffer data) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(data.duplicate());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
