package io.millrace.datastreams.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a stream or of a consumer of it: {@code arn:aws:kinesis:REGION:ACCOUNT:stream/NAME} and
 * {@code …/consumer/CONSUMER:CREATED} with epoch seconds.
 *
 * @param stream stream name
 * @param consumer which consumer; empty for the stream itself
 */
public record ResourceArn(String stream, Optional<ConsumerPart> consumer) {
  private static final Pattern FORM =
      Pattern.compile(
          "arn:aws[a-z-]*:kinesis:[a-z0-9-]*:\\d{12}:stream/([a-zA-Z0-9_.-]{1,128})"
              + "(?:/consumer/([a-zA-Z0-9_.-]{1,128}):(\\d{1,12}))?");

  /**
   * Which consumer.
   *
   * @param createdSeconds epoch seconds; one registered again has another
   */
  public record ConsumerPart(String name, long createdSeconds) {}

  /** Reads the text form; region and account are not compared. Empty if it is neither. */
  public static Optional<ResourceArn> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > 2048 || !form.matches()) {
      return Optional.empty();
    }
    Optional<ConsumerPart> consumer =
        Optional.ofNullable(form.group(2))
            .map(name -> new ConsumerPart(name, Long.parseLong(form.group(3))));
    return Optional.of(new ResourceArn(form.group(1), consumer));
  }
}
