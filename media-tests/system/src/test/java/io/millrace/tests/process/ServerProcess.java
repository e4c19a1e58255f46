package io.millrace.tests.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The packaged server in a process of its own, as a user would start it. */
public final class ServerProcess implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofSeconds(30);
  private static final String READY = "millrace ready ";
  private static final String RTSP = "millrace rtsp ";

  private final Process process;
  private final List<String> output = Collections.synchronizedList(new ArrayList<>());
  private final CompletableFuture<URI> ready = new CompletableFuture<>();
  private final long startedNanos = System.nanoTime();
  private volatile long readyNanos;

  private ServerProcess(Process process) {
    this.process = process;
    Thread.ofPlatform().daemon().name("server-output").start(this::readOutput);
  }

  /** Starts {@code serve} on a free port and waits until it is ready. */
  public static ServerProcess start(Path data, String... options) {
    return start(data, List.of("-Xmx512m"), freePort(), options);
  }

  /** Starts {@code demo}, with its cameras, on a free port and waits until it is ready. */
  public static ServerProcess demo(Path data, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--https-port", "0"));
    return start("demo", data, List.of("-Xmx512m"), freePort(), all.toArray(String[]::new));
  }

  /** Starts {@code serve} on a given port with given JVM options and waits until it is ready. */
  public static ServerProcess start(Path data, List<String> jvm, int port, String... options) {
    return start("serve", data, jvm, port, options);
  }

  private static ServerProcess start(
      String mode, Path data, List<String> jvm, int port, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As the launcher does.
    command.addAll(
        List.of(System.getenv().getOrDefault("MILLRACE_GC", "-XX:+UseSerialGC").split(" ")));
    command.addAll(
        List.of(
            "-XX:MaxDirectMemorySize=768m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(jvm);
    command.addAll(List.of("-cp", classPath(), "io.millrace.server.Main", mode));
    command.addAll(List.of("--data", data.toString(), "--http-port", Integer.toString(port)));
    command.addAll(List.of("--webrtc-port", "0", "--rtsp-port", "0"));
    command.addAll(List.of(options));
    try {
      ServerProcess server =
          new ServerProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
      server.awaitReady();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The project's root folder. */
  public static Path projectRoot() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.exists(path.resolve("millrace"))) {
      path = path.getParent();
    }
    return path;
  }

  private static String classPath() {
    Path target = projectRoot().resolve("server/target");
    Path lib = target.resolve("lib");
    if (!Files.isDirectory(lib)) {
      throw new IllegalStateException("the server is not packaged; run mvn package -pl server -am");
    }
    try (Stream<Path> jars = Files.list(target)) {
      String jar =
          jars.filter(path -> path.getFileName().toString().matches("millrace-server-.*\\.jar"))
              .findFirst()
              .orElseThrow()
              .toString();
      return jar + ":" + lib + "/*";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that was free a moment ago. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readOutput() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        output.add(line);
        if (line.startsWith(READY)) {
          readyNanos = System.nanoTime();
          ready.complete(URI.create(line.substring(READY.length()).trim()));
        }
      }
    } catch (IOException e) {
      output.add("output ended: " + e.getMessage());
    }
    ready.completeExceptionally(new IllegalStateException("the server ended"));
  }

  private void awaitReady() {
    try {
      ready.get(READY_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new IllegalStateException("server not ready; its output:\n" + log(), e);
    }
  }

  /** Base address, no trailing slash. */
  public URI endpoint() {
    return ready.join();
  }

  /** Where RTSP is served, no trailing slash. */
  public String rtsp() {
    return log()
        .lines()
        .filter(line -> line.startsWith(RTSP))
        .findFirst()
        .orElseThrow()
        .substring(RTSP.length())
        .trim();
  }

  public int port() {
    return endpoint().getPort();
  }

  public long pid() {
    return process.pid();
  }

  /** Time from process start to the ready line. */
  public Duration timeToReady() {
    return Duration.ofNanos(readyNanos - startedNanos);
  }

  /** Everything the server printed so far. */
  public String log() {
    synchronized (output) {
      return String.join("\n", output);
    }
  }

  /** POSTs JSON and returns the reply. */
  public HttpResponse<String> post(String path, String json) {
    return send(
        HttpRequest.newBuilder(endpoint().resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** GETs text. */
  public HttpResponse<String> get(String path) {
    return send(
        HttpRequest.newBuilder(endpoint().resolve(path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** GETs bytes. */
  public HttpResponse<byte[]> getBytes(String path) {
    return send(
        HttpRequest.newBuilder(endpoint().resolve(path)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> as) {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request, as);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** kill -9. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** SIGTERM; returns the exit status. */
  public int stop() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the server did not stop; its output:\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroy();
      try {
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        process.destroyForcibly();
      }
    }
  }
}
