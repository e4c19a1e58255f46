package io.millrace.datastreams.lease.expression;

import java.util.List;

/** Refuses paths of one expression of which one contains, or contradicts, another. */
final class PathOverlap {
  private PathOverlap() {}

  static void check(ExpressionKind kind, List<Path> paths) {
    for (int i = 0; i < paths.size(); i++) {
      for (int j = i + 1; j < paths.size(); j++) {
        check(kind, paths.get(i), paths.get(j));
      }
    }
  }

  private static void check(ExpressionKind kind, Path one, Path two) {
    int common = Math.min(one.steps().size(), two.steps().size());
    String what = "overlap";
    for (int i = 0; i < common; i++) {
      Path.Step a = one.steps().get(i);
      Path.Step b = two.steps().get(i);
      if (a.equals(b)) {
        continue;
      }
      if (a.getClass() == b.getClass()) {
        return;
      }
      what = "conflict";
      break;
    }
    throw kind.invalid(
        "Two document paths %s with each other; must remove or rewrite one of these paths;"
                .formatted(what)
            + " path one: %s, path two: %s".formatted(one, two));
  }
}
