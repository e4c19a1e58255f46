package io.millrace.datastreams.lease.expression;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Applies the changes of an update to an item; all of them see the item as it was before. */
public final class UpdateEvaluation {
  private static final Comparator<SdkBytes> BY_BYTES =
      (a, b) -> java.util.Arrays.compareUnsigned(a.asByteArrayUnsafe(), b.asByteArrayUnsafe());

  private UpdateEvaluation() {}

  /** A change of one value; null is no value. */
  @FunctionalInterface
  private interface Change extends UnaryOperator<@Nullable AttributeValue> {}

  private record Planned(Path path, Change change) {}

  /**
   * The item after the changes.
   *
   * @throws AwsException VALIDATION if the item has no place or type for one
   */
  public static Map<String, AttributeValue> apply(
      Map<String, AttributeValue> before, List<UpdateAction> actions) {
    List<Planned> sets = new ArrayList<>();
    List<Planned> removals = new ArrayList<>();
    for (UpdateAction action : actions) {
      switch (action) {
        case UpdateAction.Put(Path path, UpdateAction.NewValue value) -> {
          AttributeValue after = value.in(before);
          sets.add(new Planned(path, present -> after));
        }
        case UpdateAction.Add(Path path, AttributeValue value) ->
            sets.add(new Planned(path, present -> added(present, value)));
        case UpdateAction.Remove(Path path) -> removals.add(new Planned(path, present -> null));
        case UpdateAction.Delete(Path path, AttributeValue value) ->
            removals.add(new Planned(path, present -> without(present, value)));
      }
    }
    // Members set beyond the end of a list come in the order of their indexes; removals go from
    // the end, so that no index means another member than before the update.
    sets.sort(Comparator.comparing(Planned::path, UpdateEvaluation::byIndexes));
    removals.sort(Comparator.comparing(Planned::path, UpdateEvaluation::byIndexes).reversed());
    Map<String, AttributeValue> after = new LinkedHashMap<>(before);
    for (Planned planned : sets) {
      change(after, planned.path().steps(), planned.change());
    }
    for (Planned planned : removals) {
      change(after, planned.path().steps(), planned.change());
    }
    return after;
  }

  private static int byIndexes(Path a, Path b) {
    for (int i = 0; i < Math.min(a.steps().size(), b.steps().size()); i++) {
      if (a.steps().get(i) instanceof Path.Index(int x)
          && b.steps().get(i) instanceof Path.Index(int y)
          && x != y) {
        return Integer.compare(x, y);
      }
    }
    return 0;
  }

  private static void change(
      Map<String, AttributeValue> map, List<Path.Step> steps, Change change) {
    String name = ((Path.Name) steps.getFirst()).name();
    AttributeValue present = map.get(name);
    AttributeValue after = below(present, steps.subList(1, steps.size()), change);
    if (after == null) {
      map.remove(name);
    } else {
      map.put(name, after);
    }
  }

  private static @Nullable AttributeValue below(
      @Nullable AttributeValue present, List<Path.Step> steps, Change change) {
    if (steps.isEmpty()) {
      return change.apply(present);
    }
    if (present != null && present.hasM() && steps.getFirst() instanceof Path.Name) {
      Map<String, AttributeValue> members = new LinkedHashMap<>(present.m());
      change(members, steps, change);
      return AttributeValue.fromM(members);
    }
    if (present != null && present.hasL() && steps.getFirst() instanceof Path.Index(int index)) {
      List<AttributeValue> members = new ArrayList<>(present.l());
      boolean isThere = index < members.size();
      AttributeValue after =
          below(isThere ? members.get(index) : null, steps.subList(1, steps.size()), change);
      if (after == null && isThere) {
        members.remove(index);
      } else if (after != null && isThere) {
        members.set(index, after);
      } else if (after != null) {
        members.add(after);
      }
      return AttributeValue.fromL(members);
    }
    throw AwsError.VALIDATION.because(
        "The document path provided in the update expression is invalid for update");
  }

  private static AttributeValue added(@Nullable AttributeValue present, AttributeValue value) {
    if (present == null) {
      return value;
    }
    if (present.type() != value.type()) {
      throw UpdateAction.wrongType();
    }
    return switch (value.type()) {
      case N -> UpdateAction.number(new BigDecimal(present.n()).add(new BigDecimal(value.n())));
      case SS -> AttributeValue.fromSs(union(present.ss(), value.ss(), Comparator.naturalOrder()));
      case NS ->
          AttributeValue.fromNs(
              union(present.ns(), value.ns(), Comparator.comparing(BigDecimal::new)));
      case BS -> AttributeValue.fromBs(union(present.bs(), value.bs(), BY_BYTES));
      default -> throw UpdateAction.wrongType();
    };
  }

  private static <T> List<T> union(List<T> a, List<T> b, Comparator<T> order) {
    TreeSet<T> all = new TreeSet<>(order);
    all.addAll(a);
    all.addAll(b);
    return List.copyOf(all);
  }

  private static @Nullable AttributeValue without(
      @Nullable AttributeValue present, AttributeValue value) {
    if (present == null) {
      return null;
    }
    if (present.type() != value.type()) {
      throw UpdateAction.wrongType();
    }
    AttributeValue left =
        switch (value.type()) {
          case SS -> AttributeValue.fromSs(difference(present.ss(), value.ss()));
          case NS -> AttributeValue.fromNs(difference(present.ns(), value.ns()));
          case BS -> AttributeValue.fromBs(difference(present.bs(), value.bs()));
          default -> throw UpdateAction.wrongType();
        };
    boolean isEmpty =
        left.type() == AttributeValue.Type.SS
            ? left.ss().isEmpty()
            : left.type() == AttributeValue.Type.NS ? left.ns().isEmpty() : left.bs().isEmpty();
    return isEmpty ? null : left;
  }

  private static <T> List<T> difference(List<T> all, List<T> taken) {
    return all.stream().filter(member -> !taken.contains(member)).toList();
  }
}
