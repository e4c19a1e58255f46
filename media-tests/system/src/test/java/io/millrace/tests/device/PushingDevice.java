package io.millrace.tests.device;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * The device: {@code whip ADDRESS udp|tcp SECONDS} sends its camera to an address. What it sent is
 * its last line; the library keeps threads that only the end of the process ends.
 */
final class PushingDevice {
  /** What its line of figures begins with. */
  static final String SENT = "sent ";

  private PushingDevice() {}

  public static void main(String[] arguments) {
    try {
      run(arguments);
      Runtime.getRuntime().halt(0);
    } catch (Throwable e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(String[] arguments) throws Exception {
    PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
    CustomVideoSource source = new CustomVideoSource();
    Duration time = Duration.ofSeconds(Long.parseLong(arguments[3]));
    DeviceConnection connection =
        new DeviceConnection(factory, source, arguments[2].equals("tcp"), candidate -> {});
    URI address = URI.create(arguments[1]);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(address)
                  .header("Content-Type", "application/sdp")
                  .POST(HttpRequest.BodyPublishers.ofString(connection.offer()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 201) {
        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
      }
      connection.remote(RTCSdpType.ANSWER, answer.body());
      connection.awaitConnected();
      new DeviceCamera(source).film(time);
      connection.awaitSent();
      System.out.println(SENT + connection.sent());
      client.send(
          HttpRequest.newBuilder(
                  address.resolve(answer.headers().firstValue("location").orElseThrow()))
              .DELETE()
              .build(),
          HttpResponse.BodyHandlers.ofString());
      connection.close();
    }
  }
}
