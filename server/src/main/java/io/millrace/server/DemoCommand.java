package io.millrace.server;

import io.millrace.server.demo.CameraProcess;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace demo}: the server with two synthetic cameras and hints what to try. */
@Command(
    name = "demo",
    description = "Starts the server with two synthetic cameras.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Mixin private ServerOptions options = new ServerOptions();

  @Override
  public Integer call() throws InterruptedException {
    ServerLife.run(
        options.settings(
            Map.of(
                "data", "./data/demo",
                "http.https-port", "8443",
                "data-streams.initialize", "readings:2")),
        DemoCommand::showAround);
    return 0;
  }

  private static void showAround(MillraceServer server) {
    CameraProcess cameras = CameraProcess.start(server.localUrl(), server.nativeCache());
    server.alsoClose(cameras);
    String url = server.publicUrl();
    System.out.printf(
        """

        Open   %1$s/                       two live cameras, a player, a timeline

        Paste  curl -o now.jpg '%1$s/v1/streams/front-door/frame.jpg?at=now-2s'
               curl -T any.mkv '%1$s/v1/streams/upload/media?create=true&start=2026-01-01T00:00:00Z'
               aws kinesisvideo list-streams --endpoint-url %1$s --region us-east-1
               aws kinesis put-record --stream-name readings --partition-key a --data aGk= \\
                 --endpoint-url %1$s --region us-east-1
               ffmpeg -re -i any.mp4 -c copy -f rtsp -rtsp_transport tcp %2$s/live/pushed
               ffplay %2$s/live/front-door
               CONTROL_PLANE_URI=%1$s gst-launch-1.0 ... ! kvssink stream-name=my-camera

        Kept   one hour per camera, under 2 GB with files kept for reuse. Ctrl-C ends.
        %n""",
        url, server.localRtspUrl().orElse("rtsp://(off)"));
    System.out.flush();
  }
}
