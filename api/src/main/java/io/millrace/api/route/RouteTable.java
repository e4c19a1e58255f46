package io.millrace.api.route;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Every path and who serves it. Registration and look-up are thread-safe.
 *
 * @param <H> what serves
 */
public final class RouteTable<H> {

  /**
   * Who serves a method of a path.
   *
   * @param name operation or route pattern, for metrics and logs
   */
  public record Entry<H>(HttpMethod method, RoutePattern pattern, String name, H handler) {}

  /** What a look-up found. */
  public sealed interface Match<H> {
    /** The entry, and the parameters of its path. */
    record Found<H>(Entry<H> entry, Map<String, String> parameters) implements Match<H> {}

    /** The path exists for other methods only. */
    record OtherMethods<H>(Set<String> allowed) implements Match<H> {}

    /** No such path. */
    record Nothing<H>() implements Match<H> {}
  }

  private final ConcurrentMap<String, Map<HttpMethod, Entry<H>>> literals =
      new ConcurrentHashMap<>();
  private final List<Entry<H>> patterns = new CopyOnWriteArrayList<>();

  /**
   * Adds a route.
   *
   * @throws IllegalStateException if an exact path has a handler for the method already
   */
  public void add(Entry<H> entry) {
    if (entry.pattern().isLiteral()) {
      literals.compute(
          entry.pattern().text(),
          (path, present) -> {
            Map<HttpMethod, Entry<H>> methods = new HashMap<>(present == null ? Map.of() : present);
            if (methods.put(entry.method(), entry) != null) {
              throw new IllegalStateException(entry.method() + " " + path + " has two handlers");
            }
            return methods;
          });
    } else {
      patterns.add(entry);
      // Longer patterns are more specific and go first; exact ones before prefixes.
      patterns.sort(
          Comparator.comparing((Entry<H> e) -> e.pattern().prefix())
              .thenComparing(e -> -e.pattern().segments().size()));
    }
  }

  /**
   * Looks a path up; HEAD is served by GET.
   *
   * @throws IllegalArgumentException if a path parameter cannot be decoded
   */
  public Match<H> find(HttpMethod method, String path) {
    HttpMethod wanted = method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method;
    Set<String> allowed = new TreeSet<>();
    Map<HttpMethod, Entry<H>> exact = literals.get(path);
    if (exact != null) {
      Entry<H> entry = exact.get(wanted);
      if (entry != null) {
        return new Match.Found<>(entry, Map.of());
      }
      exact.keySet().forEach(m -> allowed.add(m.name()));
    }
    for (Entry<H> entry : patterns) {
      @Nullable Map<String, String> parameters = entry.pattern().match(path);
      if (parameters != null) {
        if (entry.method().equals(wanted)) {
          return new Match.Found<>(entry, parameters);
        }
        allowed.add(entry.method().name());
      }
    }
    return allowed.isEmpty() ? new Match.Nothing<>() : new Match.OtherMethods<>(allowed);
  }

  /** The literal path most like a wrong one: another case, a slash too many, a letter off. */
  public Optional<String> nearest(String path) {
    String wanted = path.toLowerCase(Locale.ROOT);
    int limit = Math.min(3, wanted.length() / 4);
    List<String> paths = new ArrayList<>(literals.keySet());
    paths.sort(Comparator.naturalOrder());
    String best = null;
    int bestDistance = limit + 1;
    for (String candidate : paths) {
      if (Math.abs(candidate.length() - wanted.length()) > limit) {
        continue;
      }
      int distance = EditDistance.between(candidate.toLowerCase(Locale.ROOT), wanted);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }
}
