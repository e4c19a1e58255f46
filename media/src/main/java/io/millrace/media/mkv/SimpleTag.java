package io.millrace.media.mkv;

/**
 * One name and value of a Tags element. Targets, languages and nested tags are not kept.
 *
 * @param name TagName
 * @param value TagString, empty where absent
 */
public record SimpleTag(String name, String value) {
  /** Closes the open fragment at once when a producer sends it; never stored or replayed. */
  public static final String END_OF_FRAGMENT = "AWS_KINESISVIDEO_END_OF_FRAGMENT";
}
