package io.millrace.api.arn;

import io.millrace.api.error.AwsError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a video stream in one of its lives: {@code
 * arn:aws:kinesisvideo:<region>:<account>:stream/<name>/<created>}.
 *
 * @param region region of this server, such as {@code us-east-1}
 * @param account twelve digits
 * @param name stream name
 * @param createdMillis epoch milliseconds of its creation; a stream made again has another one
 */
public record StreamArn(String region, String account, String name, long createdMillis) {
  private static final Pattern FORM =
      Pattern.compile(
          "arn:[a-z\\d-]+:kinesisvideo:([a-z0-9-]+):([0-9]+):stream/([a-zA-Z0-9_.-]{1,256})"
              + "/([0-9]{1,18})");

  /**
   * Reads the text form. Region and account are not compared with this server's: the name and the
   * creation time identify a stream here.
   *
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT if it is not a video stream's ARN
   */
  public static StreamArn parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > 1024 || !form.matches()) {
      throw AwsError.INVALID_ARGUMENT.because(
          "StreamARN is not the ARN of a video stream:"
              + " arn:aws:kinesisvideo:REGION:ACCOUNT:stream/NAME/CREATED");
    }
    return new StreamArn(
        form.group(1), form.group(2), form.group(3), Long.parseLong(form.group(4)));
  }

  @Override
  public String toString() {
    return "arn:aws:kinesisvideo:%s:%s:stream/%s/%d"
        .formatted(region, account, name, createdMillis);
  }
}
