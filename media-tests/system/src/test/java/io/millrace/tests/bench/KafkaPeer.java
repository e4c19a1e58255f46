package io.millrace.tests.bench;

import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One Kafka broker that syncs every batch, and Kafka's own producer benchmark against it. */
final class KafkaPeer {
  private static final String VERSION = System.getProperty("bench.kafka", "4.3.1");
  private static final Pattern RATE = Pattern.compile("([0-9.]+) records/sec");

  /** Records a second of the last whole report, after some seconds of warm-up. */
  double produce(int recordBytes, int seconds) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench-kafka");
    int port = ServerProcess.freePort();
    Path config = folder.resolve("server.properties");
    Files.writeString(config, config(folder, port, ServerProcess.freePort()));
    String classPath = classPath();
    try {
      Peer.run(
          java(
              classPath,
              "kafka.tools.StorageTool",
              "format",
              "-t",
              "MkU3OEVBNTcwNTJENDM2Qk",
              "-c",
              config.toString()),
          Map.of());
      try (Peer broker =
          Peer.serve(port, folder, java(classPath, "kafka.Kafka", config.toString()), Map.of())) {
        return rate(classPath, broker.port(), recordBytes, seconds);
      }
    } finally {
      Peer.run(List.of("rm", "-rf", folder.toString()), Map.of());
    }
  }

  private static List<String> java(String classPath, String... rest) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                classPath));
    command.addAll(List.of(rest));
    return command;
  }

  private static double rate(String classPath, int port, int recordBytes, int seconds)
      throws IOException, InterruptedException {
    long records = Math.max(2000, (long) seconds * (recordBytes < 10_000 ? 40_000 : 1000));
    List<String> command =
        java(
            classPath,
            "org.apache.kafka.tools.ProducerPerformance",
            "--topic",
            "bench",
            "--num-records",
            String.valueOf(records),
            "--record-size",
            String.valueOf(recordBytes),
            "--throughput",
            "-1",
            "--producer-props",
            "bootstrap.servers=127.0.0.1:" + port,
            "acks=all",
            "batch.size=524288",
            "linger.ms=5",
            "max.request.size=10485760");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Matcher rate = RATE.matcher(output);
    double last = Double.NaN;
    while (rate.find()) {
      last = Double.parseDouble(rate.group(1));
    }
    if (Double.isNaN(last)) {
      throw new IOException("no rate in: " + output);
    }
    return last;
  }

  private static String config(Path folder, int port, int controllerPort) {
    return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
        log.dirs=%3$s
        num.partitions=4
        offsets.topic.replication.factor=1
        log.flush.interval.messages=1
        message.max.bytes=10485760
        """
        .formatted(port, controllerPort, folder.resolve("log"));
  }

  /** Kafka's jars, fetched by Maven once; they are no dependency of ours. */
  private static String classPath() throws IOException, InterruptedException {
    Path file = Peer.folder().resolve("kafka-" + VERSION + ".classpath");
    if (!Files.exists(file)) {
      Path pom = Peer.folder().resolve("kafka-pom.xml");
      Files.writeString(
          pom,
          """
          <project><modelVersion>4.0.0</modelVersion>
            <groupId>peers</groupId><artifactId>kafka</artifactId><version>1</version>
            <dependencies>
              <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId>
                <version>%1$s</version></dependency>
              <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId>
                <version>%1$s</version></dependency>
            </dependencies>
          </project>
          """
              .formatted(VERSION));
      Peer.run(
          List.of(
              "mvn",
              "-B",
              "-q",
              "-f",
              pom.toString(),
              "dependency:build-classpath",
              "-Dmdep.outputFile=" + file),
          Map.of());
    }
    return Files.readString(file).strip();
  }
}
