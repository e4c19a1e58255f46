package io.millrace.server.config;

import io.millrace.ingest.source.SourceSettings;
import java.nio.file.Path;

/** Reads the {@code sources} section. */
public final class SourceConfig {
  private SourceConfig() {}

  /** How cameras are pulled. */
  public static SourceSettings read(Settings settings) {
    return new SourceSettings(
        settings.number("sources.max-sources", 1, 100_000),
        settings.duration("sources.first-retry"),
        settings.duration("sources.max-retry"),
        settings.duration("sources.steady-after"),
        settings.duration("sources.silence"),
        settings.duration("sources.probe-limit"),
        settings.number("sources.max-probes", 1, 10_000));
  }

  /**
   * The file with the key that passwords are sealed with.
   *
   * @param data folder for everything that is kept
   */
  public static Path keyFile(Settings settings, Path data) {
    String named = settings.text("sources.key-file");
    return named.isEmpty() ? data.resolve("secret.key") : Path.of(named);
  }
}
