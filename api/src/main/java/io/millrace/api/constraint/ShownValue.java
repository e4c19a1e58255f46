package io.millrace.api.constraint;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/** A value as messages repeat it: cut short, and without the bytes of blobs. */
final class ShownValue {
  private final StringBuilder text = new StringBuilder();
  private final int maxLength;

  private ShownValue(int maxLength) {
    this.maxLength = maxLength;
  }

  /** The value in at most so many characters, and an ellipsis where more would follow. */
  static String of(Object value, int maxLength) {
    ShownValue shown = new ShownValue(maxLength);
    shown.add(value);
    StringBuilder text = shown.text;
    return text.length() <= maxLength ? text.toString() : text.substring(0, maxLength) + "…";
  }

  private boolean isFull() {
    return text.length() > maxLength;
  }

  private void add(Object value) {
    switch (value) {
      case SdkBytes bytes -> {
        int length = bytes.asByteArrayUnsafe().length;
        text.append("java.nio.HeapByteBuffer[pos=0 lim=").append(length);
        text.append(" cap=").append(length).append(']');
      }
      case SdkPojo pojo -> structure(pojo);
      case List<?> list -> {
        text.append('[');
        String separator = "";
        for (Object member : list) {
          if (isFull()) {
            return;
          }
          text.append(separator);
          add(member);
          separator = ", ";
        }
        text.append(']');
      }
      case Map<?, ?> map -> {
        text.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          if (isFull()) {
            return;
          }
          text.append(separator).append(entry.getKey()).append('=');
          add(entry.getValue());
          separator = ", ";
        }
        text.append('}');
      }
      default -> text.append(value);
    }
  }

  private void structure(SdkPojo pojo) {
    text.append(pojo.getClass().getSimpleName()).append('(');
    String separator = "";
    for (SdkField<?> field : pojo.sdkFields()) {
      Object value = field.getValueOrDefault(pojo);
      if (isFull()) {
        return;
      }
      if (value != null) {
        text.append(separator).append(field.locationName()).append('=');
        add(value);
        separator = ", ";
      }
    }
    text.append(')');
  }
}
