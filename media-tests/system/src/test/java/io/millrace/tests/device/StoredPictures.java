package io.millrace.tests.device;

import io.millrace.server.demo.ClockCode;
import io.millrace.tests.client.HlsClient;
import io.millrace.tests.client.ParserLibrary;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A device's pictures as they are stored, in order. */
final class StoredPictures {
  private static final int PICTURE = DeviceCamera.WIDTH * DeviceCamera.HEIGHT;

  private StoredPictures() {}

  /** The time drawn into each picture, epoch ms; -1 where none can be read. */
  static List<Long> drawnMillis(ServerProcess server, String stream, Path file) throws IOException {
    double now = System.currentTimeMillis() / 1000.0;
    String hls = HlsClient.onDemand(server, stream, now - 600, now + 1).master().toString();
    String options =
        "-nostdin -v error -y -i %s -fps_mode passthrough -f rawvideo -pix_fmt gray %s";
    List<String> command = new ArrayList<>(List.of("ffmpeg"));
    command.addAll(List.of(options.formatted(hls, file).split(" ")));
    Programs.run(command.toArray(String[]::new)).orThrow();
    byte[] luma = Files.readAllBytes(file);
    List<Long> times = new ArrayList<>();
    for (int at = 0; at + PICTURE <= luma.length; at += PICTURE) {
      times.add(read(luma, at));
    }
    return times;
  }

  private static long read(byte[] luma, int picture) {
    int row = DeviceCamera.HEIGHT / ClockCode.HEIGHT_PARTS / 2;
    long cells = 0;
    for (int i = 0; i < ClockCode.CELLS; i++) {
      int x = (2 * i + 1) * DeviceCamera.WIDTH / (2 * ClockCode.CELLS);
      int value = luma[picture + row * DeviceCamera.WIDTH + x] & 0xff;
      cells = cells << 1 | (value > 127 ? 1 : 0);
    }
    return ClockCode.millis(cells);
  }

  /** The time under which each picture is stored, epoch ms. */
  static List<Long> storedMillis(ServerProcess server, String stream, int pictures)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.endpoint().resolve("/getMedia"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"StreamName\":\"%s\",\"StartSelector\":{\"StartSelectorType\":\"EARLIEST\"}}"
                        .formatted(stream)))
            .build();
    try (HttpClient client = HttpClient.newHttpClient();
        InputStream in = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
      List<Long> times =
          ParserLibrary.frames(in, seen -> seen.size() >= pictures).stream()
              .map(frame -> frame.producerMillis() + frame.timecode())
              .toList();
      client.shutdownNow();
      return times;
    }
  }
}
