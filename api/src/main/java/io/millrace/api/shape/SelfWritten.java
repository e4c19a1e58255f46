package io.millrace.api.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * A value that writes itself: for answers with so many members that an object for each would cost
 * more than writing it. It may stand among the further members of an {@link OpenShape}.
 */
@FunctionalInterface
public interface SelfWritten {
  /**
   * Writes exactly one value.
   *
   * @param body where to; timestamps go through {@link PojoWriter#timestamp}
   */
  void write(JsonGenerator body, BodyFormat format) throws IOException;
}
