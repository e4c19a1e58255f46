package io.millrace.api.constraint;

import io.millrace.api.operation.AwsService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Constraints of the AWS models by service, structure and member, read from {@code
 * constraints.tsv}. Immutable.
 */
public final class ConstraintTable {
  private static final String RESOURCE = "constraints.tsv";

  /**
   * What a structure asks of its members.
   *
   * @param required members that must be there, in name order
   * @param members constraints by member path: {@code Tags}, {@code Tags.key}, {@code List.member}
   */
  record Structure(List<String> required, Map<String, List<Constraint>> members) {
    static final Structure FREE = new Structure(List.of(), Map.of());

    List<Constraint> of(String memberPath) {
      return members.getOrDefault(memberPath, List.of());
    }
  }

  private final Map<String, Structure> structures;
  private final ClassValue<Structure> byShape =
      new ClassValue<>() {
        @Override
        protected Structure computeValue(Class<?> shape) {
          return structure(nameOf(shape));
        }
      };

  private ConstraintTable(Map<String, Structure> structures) {
    this.structures = structures;
  }

  /** The table this build ships. */
  public static ConstraintTable load() {
    Map<String, Structure> structures = new HashMap<>();
    try (InputStream in = ConstraintTable.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the build");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          add(structures, line.split("\t", -1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ConstraintTable(structures);
  }

  private static void add(Map<String, Structure> structures, String[] cells) {
    Structure structure =
        structures.computeIfAbsent(
            key(AwsService.of(cells[0]), cells[1]),
            name -> new Structure(new ArrayList<>(), new HashMap<>()));
    if (cells[3].equals("required")) {
      structure.required().add(cells[2]);
      return;
    }
    List<Constraint> constraints =
        structure.members().computeIfAbsent(cells[2], path -> new ArrayList<>());
    switch (cells[3]) {
      case "length" -> constraints.add(0, new Constraint.Length(whole(cells, 4), whole(cells, 5)));
      case "range" -> constraints.add(new Constraint.Range(decimal(cells, 4), decimal(cells, 5)));
      case "pattern" -> constraints.add(new Constraint.Matches(Pattern.compile(cells[4])));
      case "enum" ->
          constraints.add(
              new Constraint.OneOf(List.copyOf(Arrays.asList(cells).subList(4, cells.length))));
      default -> throw new IllegalStateException("unknown constraint " + cells[3]);
    }
  }

  private static @Nullable Integer whole(String[] cells, int index) {
    return index < cells.length && !cells[index].isEmpty() ? Integer.valueOf(cells[index]) : null;
  }

  private static @Nullable BigDecimal decimal(String[] cells, int index) {
    return index < cells.length && !cells[index].isEmpty() ? new BigDecimal(cells[index]) : null;
  }

  /** Keys of the structures that have constraints. */
  Set<String> structureNames() {
    return new TreeSet<>(structures.keySet());
  }

  /** Paths of the constrained members of a structure. */
  Set<String> memberPaths(String structureName) {
    Structure structure = structure(structureName);
    Set<String> paths = new TreeSet<>(structure.required());
    paths.addAll(structure.members().keySet());
    return paths;
  }

  /** Key of an SDK type. */
  static String nameOf(Class<?> shape) {
    return key(AwsService.ofShape(shape), shape.getSimpleName());
  }

  /** Key of a structure; the SDK spells acronyms its own way in some names. */
  static String key(AwsService service, String structureName) {
    return service.model() + "/" + structureName.toLowerCase(Locale.ROOT);
  }

  Structure structure(String name) {
    return structures.getOrDefault(name, Structure.FREE);
  }

  /** What is asked of a type of the SDK. */
  Structure structure(Class<?> shape) {
    return byShape.get(shape);
  }
}
