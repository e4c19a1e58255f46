package io.millrace.tests.trial;

import io.millrace.tests.cameras.CleanTrial;
import io.millrace.tests.hostile.HostileTrial;
import io.millrace.tests.kcl.KclTrial;
import io.millrace.tests.load.CameraClip;
import io.millrace.tests.network.NetworkTrial;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.SecureServer;
import io.millrace.tests.producer.ProducerRun;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** {@code ./millrace trial NAME}. */
public final class Trials {
  private Trials() {}

  /** With no argument lists the trials. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("millrace-trial");
    switch (arguments.length == 0 ? "" : arguments[0]) {
      case "agent" ->
          System.out.println(
              AgentTrial.run(
                  folder,
                  Objects.requireNonNull(
                      System.getenv(AgentTrial.CLASS_PATH),
                      AgentTrial.CLASS_PATH + " is not set; see docs/manual-checks.md")));
      case "cameras" -> {
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 600;
        CleanTrial.run(folder, seconds).forEach(System.out::println);
      }
      case "clients" -> System.out.println(ClientsTrial.run(folder));
      case "hostile" -> {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        HostileTrial.Size size =
            arguments.length > 2
                ? new HostileTrial.Size(
                    Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]))
                : HostileTrial.MILLION;
        if (!HostileTrial.print(folder, size, seed)) {
          System.exit(1);
        }
      }
      case "kills" -> {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        System.out.println(KillTrial.run(folder.resolve("data"), 25, 10, seed));
      }
      case "kcl" -> {
        Optional<URI> tables =
            arguments.length > 1 ? Optional.of(URI.create(arguments[1])) : Optional.empty();
        System.out.println(KclTrial.run(folder, tables));
      }
      case "kpl" -> {
        try (SecureServer server = SecureServer.start(folder.resolve("data"), ProducerRun.LIMITS)) {
          System.out.println(ProducerRun.run(server, folder, 1_000_000));
        }
      }
      case "load" -> {
        Path clip = folder.resolve("clip.mkv");
        Programs.writeCameraClip(clip, 10);
        System.out.println(
            LoadTrial.run(
                folder.resolve("data"), CameraClip.read(clip), 50, Duration.ofMinutes(2)));
      }
      case "network" -> {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 600;
        NetworkTrial.run(folder, NetworkTrial.lasting(seconds), seed).forEach(System.out::println);
      }
      case "record-kills" -> {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        System.out.println(RecordKillTrial.run(folder.resolve("data"), 25, 10, seed));
      }
      case "recovery" -> System.out.println(RecoveryTrial.run(folder.resolve("data"), 10_000));
      default -> {
        System.out.println(
            "cameras [SECONDS]  eight cameras push and are pulled for 10 minutes without faults;");
        System.out.println("          every picture is stored bit by bit");
        System.out.println(
            "clients   the conformance run through boto3, the JavaScript SDK, the CLI");
        System.out.println(
            "hostile [PACKETS SECONDS]  1,000,000 malformed packets in 60 s; good cameras must lose nothing");
        System.out.println(
            "kcl [URL] three workers polling, then subscribed, one killed, shards reshaped;");
        System.out.println("          leases here, or in the DynamoDB Local at a URL");
        System.out.println("kills     25 times kill -9 under 10 producers, then every ack checked");
        System.out.println(
            "kpl       1,000,000 user records through the producer library while shards are reshaped");
        System.out.println(
            "load      50 cameras of 4 Mbit/s for 2 minutes without a missed fragment");
        System.out.println(
            "network [SECONDS]  10 minutes of cameras behind 1 % loss, 200 ms jitter, outages and reboots;");
        System.out.println("          what is missing must equal what the timeline says");
        System.out.println("record-kills  25 times kill -9 under 10 producers of records");
        System.out.println("recovery  kill -9 with 10 GB of log, then time to ready");
      }
    }
    System.exit(0);
  }
}
