package io.millrace.tests.device;

import dev.onvoid.webrtc.PeerConnectionFactory;
import io.millrace.server.demo.ClockCode;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device that has run to its end.
 *
 * @param output everything it and its library said
 */
record DeviceProcess(String output) {
  /** Runs one; fails with what it said unless it ended well. */
  static DeviceProcess run(String... arguments) throws URISyntaxException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx192m", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", classPath(), PushingDevice.class.getName()));
    command.addAll(List.of(arguments));
    Programs.Result result = Programs.run(command.toArray(String[]::new));
    String said = result.out() + result.err();
    if (result.status() != 0) {
      throw new IllegalStateException("exit status " + result.status() + "\n" + said);
    }
    return new DeviceProcess(said);
  }

  /** Its own classes, the server's libraries for JSON, and the device's with its native part. */
  private static String classPath() throws URISyntaxException {
    Path library = folderOf(PeerConnectionFactory.class);
    return String.join(
        ":",
        folderOf(PushingDevice.class).toString(),
        folderOf(ClockCode.class).toString(),
        ServerProcess.projectRoot().resolve("server/target/lib") + "/*",
        // The native part lies in the same folder under a name of its system.
        library.toString(),
        library.getParent() + "/*");
  }

  private static Path folderOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** A figure of its last line. */
  String figure(String name) {
    Matcher matcher =
        Pattern.compile(PushingDevice.SENT + ".*\\b" + name + "=([^,}]*)").matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException(output);
    }
    return matcher.group(1);
  }

  int count(String name) {
    return Integer.parseInt(figure(name));
  }
}
