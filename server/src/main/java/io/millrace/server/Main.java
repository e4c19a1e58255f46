package io.millrace.server;

import io.millrace.server.config.InvalidSetting;
import io.millrace.server.config.StartFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: {@code serve} and {@code demo}. */
@Command(
    name = "millrace",
    description = "Self-hosted Kinesis for video.",
    mixinStandardHelpOptions = true,
    subcommands = {ServeCommand.class, DemoCommand.class})
public final class Main implements Callable<Integer> {
  private static final int USAGE = 2;
  private static final int FAILED = 1;

  private Main() {}

  /** Exits 0 after a clean stop, 1 when the server could not start, 2 for wrong arguments. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Main())
            .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command))
            .execute(arguments));
  }

  private static int explain(Exception failure, CommandLine command) {
    if (failure instanceof InvalidSetting || failure instanceof StartFailure) {
      command.getErr().println("millrace: " + failure.getMessage());
    } else {
      failure.printStackTrace(command.getErr());
    }
    return FAILED;
  }

  @Override
  public Integer call() {
    CommandLine.usage(this, System.err);
    return USAGE;
  }
}
