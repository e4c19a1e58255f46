package io.millrace.ingest.sdp;

/**
 * {@code a=name:value}.
 *
 * @param value empty for a flag
 */
public record SdpAttribute(String name, String value) {
  /** A flag, {@code a=name}. */
  public static SdpAttribute flag(String name) {
    return new SdpAttribute(name, "");
  }

  /** What stands after {@code a=}. */
  static SdpAttribute parse(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? flag(text.strip())
        : new SdpAttribute(text.substring(0, colon).strip(), text.substring(colon + 1).strip());
  }

  @Override
  public String toString() {
    return value.isEmpty() ? "a=" + name : "a=" + name + ":" + value;
  }
}
