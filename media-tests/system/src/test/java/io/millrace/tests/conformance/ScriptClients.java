package io.millrace.tests.conformance;

import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Clients in other languages, where this machine has them. */
public final class ScriptClients {
  /** Folder, from the project's root, with the SDK for JavaScript in its node_modules. */
  private static final String JS_FOLDER = "media-tests/system/target/js";

  private final Path folder;

  /**
   * @param folder for the scripts
   */
  public ScriptClients(Path folder) {
    this.folder = folder;
  }

  private String script(String name) {
    Path file = folder.resolve(name);
    try (InputStream in = ScriptClients.class.getResourceAsStream("/clients/" + name)) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toString();
  }

  private static boolean works(String... command) {
    try {
      return Programs.run(command).status() == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** A Python whose boto3 knows the operations of 2025. */
  public static Optional<String> python() {
    return Stream.of("python3", "/usr/bin/python3")
        .filter(
            python ->
                works(
                    python,
                    "-c",
                    "import boto3;"
                        + "boto3.client('kinesis',region_name='us-east-1').list_tags_for_resource"))
        .findFirst();
  }

  /** Whether node and the SDK for JavaScript are there. */
  public static boolean hasJs() {
    return hasJs("@aws-sdk/client-kinesis");
  }

  /** Whether node and a package for it are there. */
  public static boolean hasJs(String name) {
    return Files.isDirectory(jsFolder().resolve("node_modules").resolve(name))
        && works("node", "--version");
  }

  /** The folder with {@code node_modules}. */
  public static Path jsFolder() {
    return ServerProcess.projectRoot().resolve(JS_FOLDER);
  }

  /** Whether the AWS command line is there. */
  public static boolean hasCli() {
    return works("aws", "--version");
  }

  /** boto3 in default settings; over TLS it does not verify. */
  public ConformanceClient boto3(String python, URI endpoint) throws IOException {
    return new ScriptClient(List.of(python, script("boto3_client.py")), folder, endpoint);
  }

  /** The SDK for JavaScript 3 in default settings, which is HTTP/2; over TLS it trusts all. */
  public ConformanceClient js(URI endpoint) throws IOException {
    return new ScriptClient(List.of("node", script("js_client.mjs")), jsFolder(), endpoint);
  }

  /** The AWS command line, one process a call. */
  public ConformanceClient cli(URI endpoint) throws IOException {
    return new ScriptClient(List.of("python3", script("cli_client.py")), folder, endpoint);
  }
}
