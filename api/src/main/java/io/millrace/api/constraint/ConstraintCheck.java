package io.millrace.api.constraint;

import io.millrace.api.constraint.ConstraintTable.Structure;
import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.operation.AwsService;
import io.millrace.api.operation.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/** Checks request types against the constraints of the models. Thread-safe. */
public final class ConstraintCheck {
  /** Most violations told in one answer. */
  static final int MAX_VIOLATIONS = 10;

  /** Longest value repeated in a message, in characters. */
  static final int MAX_VALUE_LENGTH = 256;

  private final ConstraintTable table;

  public ConstraintCheck(ConstraintTable table) {
    this.table = table;
  }

  /**
   * Checks the members the SDK's type knows.
   *
   * @throws AwsException INVALID_ARGUMENT, or VALIDATION where a target names the operation, with
   *     AWS's wording: <em>1 validation error detected: Value 'x' at 'streamName' failed to satisfy
   *     constraint: Member must …</em>
   */
  public void check(SdkPojo request) {
    List<String> found = new ArrayList<>();
    structure(request, "", found);
    refuse(AwsService.ofShape(request.getClass()), found);
  }

  /**
   * Checks the members at the top of a request for which the SDK has no type.
   *
   * @throws AwsException as for {@link #check(SdkPojo)}
   */
  public void check(Operation operation, Map<String, Object> members) {
    Structure rules =
        table.structure(ConstraintTable.key(operation.service(), operation.name() + "Request"));
    List<String> found = new ArrayList<>();
    for (String name : rules.required()) {
      if (!members.containsKey(name)) {
        report(found, null, lowerFirst(name), "Member must not be null");
      }
    }
    for (Map.Entry<String, Object> member : members.entrySet()) {
      if (member.getValue() instanceof String) {
        String name = member.getKey();
        scalar(rules.of(name), member.getValue(), lowerFirst(name), found);
      }
    }
    refuse(operation.service(), found);
  }

  private static void refuse(AwsService service, List<String> found) {
    if (!found.isEmpty()) {
      AwsError error = service.isTargeted() ? AwsError.VALIDATION : AwsError.INVALID_ARGUMENT;
      throw error.because(
          "%d validation error%s detected: %s"
              .formatted(found.size(), found.size() == 1 ? "" : "s", String.join("; ", found)));
    }
  }

  private void structure(SdkPojo pojo, String prefix, List<String> found) {
    Structure rules = table.structure(pojo.getClass());
    for (SdkField<?> field : pojo.sdkFields()) {
      String name = field.locationName();
      Object value = field.getValueOrDefault(pojo);
      String path = prefix + lowerFirst(name);
      if (value == null
          || value instanceof SdkAutoConstructList<?>
          || value instanceof SdkAutoConstructMap<?, ?>) {
        if (rules.required().contains(name)) {
          report(found, null, path, "Member must not be null");
        }
        continue;
      }
      value(rules, name, value, path, found);
    }
  }

  private void value(
      Structure rules, String rulePath, Object value, String path, List<String> found) {
    if (found.size() >= MAX_VIOLATIONS) {
      return;
    }
    switch (value) {
      case SdkPojo pojo -> structure(pojo, path + ".", found);
      case List<?> list -> {
        scalar(rules.of(rulePath), list, path, found);
        for (int i = 0; i < list.size(); i++) {
          value(rules, rulePath + ".member", list.get(i), path + "." + (i + 1) + ".member", found);
        }
      }
      case Map<?, ?> map -> {
        scalar(rules.of(rulePath), map, path, found);
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          scalar(rules.of(rulePath + ".key"), entry.getKey(), path + ".key", found);
          value(
              rules,
              rulePath + ".value",
              entry.getValue(),
              path + "." + ShownValue.of(entry.getKey(), MAX_VALUE_LENGTH) + ".member",
              found);
        }
      }
      default -> scalar(rules.of(rulePath), value, path, found);
    }
  }

  private static void scalar(
      List<Constraint> constraints, Object value, String path, List<String> found) {
    for (Constraint constraint : constraints) {
      String violation = constraint.violation(value);
      if (violation != null) {
        report(found, value, path, violation);
        // The length rule comes first: no pattern ever runs over an unbounded text.
        return;
      }
    }
  }

  private static void report(
      List<String> found, @Nullable Object value, String path, String violation) {
    if (found.size() < MAX_VIOLATIONS) {
      String shown = value == null ? "null" : "'" + ShownValue.of(value, MAX_VALUE_LENGTH) + "'";
      found.add(
          "Value %s at '%s' failed to satisfy constraint: %s".formatted(shown, path, violation));
    }
  }

  private static String lowerFirst(String name) {
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }
}
