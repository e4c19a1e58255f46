package io.millrace.tests.bench;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Another server that is measured in the same run, in a process of its own. */
final class Peer implements AutoCloseable {
  private static final Path FOLDER =
      Path.of(System.getProperty("bench.peers", "target/peers")).toAbsolutePath();
  private static final long START_SECONDS = 60;

  private final Process process;
  private final int port;

  private Peer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Where peers are installed; made when needed. */
  static Path folder() throws IOException {
    return Files.createDirectories(FOLDER);
  }

  /** Installs packages of npm there, once. */
  static void npm(String... packages) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("npm", "install", "--silent", "--prefix"));
    command.add(folder().toString());
    boolean missing = false;
    for (String name : packages) {
      missing |= !Files.isDirectory(folder().resolve("node_modules").resolve(name));
      command.add(name);
    }
    if (missing) {
      run(command, Map.of());
    }
  }

  /** Runs a command to its end; its output goes to {@code peers.log}. */
  static void run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    int status = start(Path.of("").toAbsolutePath(), command, environment).waitFor();
    if (status != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with " + status + "; see " + FOLDER + "/peers.log");
    }
  }

  private static Process start(
      Path directory, List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder().resolve("peers.log").toFile()));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Starts a server in a folder and waits until its port takes connections. */
  static Peer serve(int port, Path directory, List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Peer peer = new Peer(start(directory, command, environment), port);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!peer.isListening()) {
      if (!peer.process.isAlive() || System.nanoTime() > deadline) {
        peer.close();
        throw new IOException(String.join(" ", command) + " does not listen");
      }
      Thread.sleep(100);
    }
    return peer;
  }

  private boolean isListening() {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }
}
