package io.millrace.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Every setting of the server by dotted key. {@code reference.yaml} on the class path holds all
 * keys with their defaults and is the manual; a file, then {@code MILLRACE_…} variables, then flags
 * go on top. A key that the reference does not have is an error, so a misspelt setting never goes
 * unseen.
 */
public final class Settings {
  private static final String PREFIX = "MILLRACE_";
  private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*(B|KiB|MiB|GiB|TiB)?");
  private static final Pattern TIME = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)");

  /** Variables that steer the launcher and are not settings of the server. */
  private static final Set<String> LAUNCHER_VARIABLES =
      Set.of(
          "MILLRACE_HEAP",
          "MILLRACE_DIRECT",
          "MILLRACE_GC",
          "MILLRACE_JAVA_HOME",
          "MILLRACE_JAVA_OPTS",
          "MILLRACE_LOG_LEVEL");

  private final Map<String, String> values;
  private final Set<String> read = new TreeSet<>();

  private Settings(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Loads all layers.
   *
   * @param defaults values of a command that differ from the reference, by dotted key
   * @param file a YAML file of the operator, or null
   * @param environment the process environment; only {@code MILLRACE_…} is looked at
   * @param flags dotted key to value, from the command line
   * @throws InvalidSetting for unknown keys or unreadable YAML
   */
  public static Settings load(
      Map<String, String> defaults,
      @Nullable Path file,
      Map<String, String> environment,
      Map<String, String> flags) {
    Map<String, String> values = reference();
    overlay(values, defaults, "among the command's defaults");
    if (file != null) {
      overlay(values, flatten(parse(file)), "in " + file);
    }
    overlay(values, fromEnvironment(environment, values.keySet()), "in the environment");
    overlay(values, flags, "on the command line");
    return new Settings(values);
  }

  /** All keys with their defaults as text. */
  public static Map<String, String> reference() {
    try (InputStream in = Settings.class.getResourceAsStream("/reference.yaml")) {
      return flatten(
          new Yaml(new SafeConstructor(new LoaderOptions())).load(Objects.requireNonNull(in)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object parse(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
    } catch (IOException | org.yaml.snakeyaml.error.YAMLException e) {
      throw new InvalidSetting("cannot read " + file + ": " + e.getMessage());
    }
  }

  private static Map<String, String> flatten(@Nullable Object tree) {
    Map<String, String> flat = new TreeMap<>();
    if (tree != null) {
      flatten("", tree, flat);
    }
    return flat;
  }

  private static void flatten(String key, Object node, Map<String, String> into) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (name, child) ->
              flatten(
                  key.isEmpty() ? "" + name : key + "." + name, child == null ? "" : child, into));
    } else {
      into.put(key, node.toString());
    }
  }

  private static void overlay(Map<String, String> values, Map<String, String> layer, String where) {
    layer.forEach(
        (key, value) -> {
          if (!values.containsKey(key)) {
            throw new InvalidSetting(
                "unknown setting '" + key + "' " + where + "; reference.yaml lists all");
          }
          values.put(key, value);
        });
  }

  private static Map<String, String> fromEnvironment(
      Map<String, String> environment, Set<String> keys) {
    Map<String, String> byVariable = new TreeMap<>();
    keys.forEach(key -> byVariable.put(variable(key), key));
    Map<String, String> found = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX) && !LAUNCHER_VARIABLES.contains(name)) {
            String key = byVariable.get(name);
            if (key == null) {
              throw new InvalidSetting("unknown setting " + name + " in the environment");
            }
            found.put(key, value);
          }
        });
    return found;
  }

  /** The variable that sets a key: {@code http.public-url} is {@code MILLRACE_HTTP_PUBLIC_URL}. */
  public static String variable(String key) {
    return PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** Keys that nothing has read so far: a setting without effect is a bug. */
  public Set<String> unread() {
    Set<String> rest = new TreeSet<>(values.keySet());
    rest.removeAll(read);
    return rest;
  }

  /** Text, trimmed. */
  public String text(String key) {
    read.add(key);
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no such setting: " + key);
    }
    return value.trim();
  }

  /** A whole number within the range, both ends included. */
  public int number(String key, int min, int max) {
    try {
      int value = Integer.parseInt(text(key));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, with what is allowed
    }
    throw invalid(key, "a whole number from " + min + " to " + max);
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key) {
    return switch (text(key)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(key, "true or false");
    };
  }

  /** Bytes, written as {@code 64 MiB}; B, KiB, MiB, GiB and TiB are known. */
  public long bytes(String key) {
    Matcher matcher = SIZE.matcher(text(key));
    if (!matcher.matches()) {
      throw invalid(key, "a size such as 64 MiB");
    }
    long unit =
        switch (matcher.group(2) == null ? "B" : matcher.group(2)) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          case "TiB" -> 1L << 40;
          default -> 1;
        };
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
  }

  /** Bytes that must fit an int. */
  public int intBytes(String key) {
    long value = bytes(key);
    if (value > Integer.MAX_VALUE) {
      throw invalid(key, "a size below 2 GiB");
    }
    return (int) value;
  }

  /** A time span, written as {@code 20 s}; ms, s, m, h and d are known. */
  public Duration duration(String key) {
    Matcher matcher = TIME.matcher(text(key));
    if (!matcher.matches()) {
      throw invalid(key, "a time span such as 20 s");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private InvalidSetting invalid(String key, String allowed) {
    return new InvalidSetting(
        "setting '" + key + "' is '" + values.get(key) + "', but must be " + allowed);
  }
}
