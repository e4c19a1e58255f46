package io.millrace.datastreams.lease.expression;

import io.millrace.api.error.AwsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Which parts of an item an answer has.
 *
 * @param paths none of them contains another
 */
public record Projection(List<Path> paths) {
  public Projection {
    paths = List.copyOf(paths);
  }

  /**
   * Parses an expression.
   *
   * @throws AwsException VALIDATION in the service's words
   */
  public static Projection parse(String text, Placeholders placeholders, ExpressionLimits limits) {
    Tokens tokens = new Tokens(ExpressionKind.PROJECTION, text, limits);
    PathParser parser = new PathParser(tokens, placeholders);
    List<Path> paths = new ArrayList<>();
    do {
      tokens.operator(",");
      paths.add(parser.path());
    } while (tokens.takeSign(","));
    tokens.expectEnd();
    PathOverlap.check(ExpressionKind.PROJECTION, paths);
    return new Projection(paths);
  }

  /** The parts of an item; lists keep the order of their members and close their gaps. */
  public Map<String, AttributeValue> of(Map<String, AttributeValue> item) {
    return members(item, paths.stream().map(Path::steps).toList());
  }

  private static Map<String, AttributeValue> members(
      Map<String, AttributeValue> map, List<List<Path.Step>> wanted) {
    Map<String, List<List<Path.Step>>> byName = new LinkedHashMap<>();
    for (List<Path.Step> steps : wanted) {
      if (steps.getFirst() instanceof Path.Name(String name)) {
        byName
            .computeIfAbsent(name, first -> new ArrayList<>())
            .add(steps.subList(1, steps.size()));
      }
    }
    Map<String, AttributeValue> found = new LinkedHashMap<>();
    byName.forEach(
        (name, below) -> {
          AttributeValue part = part(map.get(name), below);
          if (part != null) {
            found.put(name, part);
          }
        });
    return found;
  }

  private static @Nullable AttributeValue part(
      @Nullable AttributeValue value, List<List<Path.Step>> wanted) {
    if (value == null || wanted.stream().anyMatch(List::isEmpty)) {
      return value;
    }
    if (value.hasM()) {
      Map<String, AttributeValue> found = members(value.m(), wanted);
      return found.isEmpty() ? null : AttributeValue.fromM(found);
    }
    if (!value.hasL()) {
      return null;
    }
    TreeMap<Integer, List<List<Path.Step>>> byIndex = new TreeMap<>();
    for (List<Path.Step> steps : wanted) {
      if (steps.getFirst() instanceof Path.Index(int index) && index < value.l().size()) {
        byIndex
            .computeIfAbsent(index, first -> new ArrayList<>())
            .add(steps.subList(1, steps.size()));
      }
    }
    List<AttributeValue> found = new ArrayList<>();
    byIndex.forEach(
        (index, below) -> {
          AttributeValue part = part(value.l().get(index), below);
          if (part != null) {
            found.add(part);
          }
        });
    return found.isEmpty() ? null : AttributeValue.fromL(found);
  }
}
