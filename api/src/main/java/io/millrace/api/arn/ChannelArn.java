package io.millrace.api.arn;

import io.millrace.api.error.AwsError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a signaling channel in one of its lives: {@code
 * arn:aws:kinesisvideo:<region>:<account>:channel/<name>/<created>}.
 *
 * @param region region of this server, such as {@code us-east-1}
 * @param account twelve digits
 * @param name channel name
 * @param createdMillis epoch milliseconds of its creation; a channel made again has another one
 */
public record ChannelArn(String region, String account, String name, long createdMillis) {
  private static final Pattern FORM =
      Pattern.compile(
          "arn:[a-z\\d-]+:kinesisvideo:([a-z0-9-]+):([0-9]+):channel/([a-zA-Z0-9_.-]{1,256})"
              + "/([0-9]{1,18})");

  /**
   * Reads the text form. Region and account are not compared with this server's: the name and the
   * creation time identify a channel here.
   *
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT if it is not a channel's ARN
   */
  public static ChannelArn parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > 1024 || !form.matches()) {
      throw AwsError.INVALID_ARGUMENT.because(
          "ChannelARN is not the ARN of a signaling channel:"
              + " arn:aws:kinesisvideo:REGION:ACCOUNT:channel/NAME/CREATED");
    }
    return new ChannelArn(
        form.group(1), form.group(2), form.group(3), Long.parseLong(form.group(4)));
  }

  @Override
  public String toString() {
    return "arn:aws:kinesisvideo:%s:%s:channel/%s/%d"
        .formatted(region, account, name, createdMillis);
  }
}
