package io.millrace.api.shape;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/**
 * A structure with members that the type of the SDK does not know yet. It may stand wherever {@link
 * PojoWriter} writes a value, also as a further member of another one.
 *
 * @param known the structure as the SDK knows it; null if it knows none of it
 * @param further further members by name, written after the known ones, and instead of a known one
 *     of the same name; a value is anything {@link PojoWriter} writes: a scalar, an {@code
 *     Instant}, {@code byte[]}, a list, a map or a structure
 */
public record OpenShape(@Nullable SdkPojo known, Map<String, ?> further) implements SdkPojo {
  public OpenShape {
    further = Collections.unmodifiableMap(new LinkedHashMap<>(further));
  }

  /** A structure of which the SDK knows nothing. */
  public static OpenShape of(Map<String, ?> members) {
    return new OpenShape(null, members);
  }

  /** No fields: the members are reached through the components. */
  @Override
  public List<SdkField<?>> sdkFields() {
    return List.of();
  }

  @Override
  public Map<String, SdkField<?>> sdkFieldNameToField() {
    return Map.of();
  }
}
