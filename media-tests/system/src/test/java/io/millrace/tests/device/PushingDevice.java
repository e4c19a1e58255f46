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
import java.util.concurrent.CompletableFuture;

/**
 * The device. {@code udp|tcp SECONDS whip ADDRESS} sends its camera to an address, {@code udp|tcp
 * SECONDS master ARN WSS-ENDPOINT WEBRTC-ENDPOINT} into the storage session of a signaling channel.
 * What it sent is its last line.
 */
final class PushingDevice {
  /** What its line of figures begins with. */
  static final String SENT = "sent ";

  private final HttpClient client;
  private final boolean tcp;
  private final Duration time;
  private final PeerConnectionFactory factory;
  private final CustomVideoSource source;

  private PushingDevice(HttpClient client, boolean tcp, Duration time) {
    this.client = client;
    this.tcp = tcp;
    this.time = time;
    // It loads the native part, without which a source cannot be made.
    factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
    source = new CustomVideoSource();
  }

  public static void main(String[] arguments) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      PushingDevice device =
          new PushingDevice(
              client, arguments[0].equals("tcp"), Duration.ofSeconds(Long.parseLong(arguments[1])));
      if (arguments[2].equals("whip")) {
        device.whip(URI.create(arguments[3]));
      } else {
        device.master(arguments[3], arguments[4], arguments[5]);
      }
      // The library keeps threads that nothing else ends.
      Runtime.getRuntime().halt(0);
    } catch (Throwable e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private void whip(URI address) throws Exception {
    DeviceConnection connection = new DeviceConnection(factory, source, tcp, candidate -> {});
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
    film(connection);
    URI session = address.resolve(answer.headers().firstValue("location").orElseThrow());
    client.send(
        HttpRequest.newBuilder(session).DELETE().build(), HttpResponse.BodyHandlers.ofString());
    connection.close();
  }

  private void master(String arn, String socketEndpoint, String storageEndpoint) throws Exception {
    MasterSignaling signaling = new MasterSignaling(client, socketEndpoint, arn);
    signaling.join(storageEndpoint);
    CompletableFuture<Void> answered = new CompletableFuture<>();
    DeviceConnection connection =
        new DeviceConnection(
            factory,
            source,
            tcp,
            candidate -> answered.thenRunAsync(() -> signaling.candidate(candidate)));
    signaling.answer(connection.answer(signaling.offer()));
    answered.complete(null);
    film(connection);
    connection.close();
    signaling.close();
  }

  private void film(DeviceConnection connection) {
    connection.awaitConnected();
    new DeviceCamera(source).film(time);
    connection.awaitSent();
    System.out.println(SENT + connection.sent());
  }
}
