package io.millrace.playback.source;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Text of a {@code NextToken}: everything the next page needs, so that no state is kept between
 * pages and a client may send the token and nothing else.
 */
public final class PageToken {
  private PageToken() {}

  /**
   * @param kind what the token continues, such as {@code ListFragments}
   * @param fields values without line breaks
   */
  public static String write(String kind, List<?> fields) {
    StringBuilder text = new StringBuilder(kind);
    for (Object field : fields) {
      text.append('\n').append(field);
    }
    return Base64.getEncoder().encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The fields of a token of this kind.
   *
   * @throws AwsException INVALID_ARGUMENT when it is none
   */
  public static List<String> read(String kind, int fields, String token) {
    String text;
    try {
      text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
    List<String> parts = List.of(text.split("\n", -1));
    if (parts.size() != fields + 1 || !parts.getFirst().equals(kind)) {
      throw invalid();
    }
    return parts.subList(1, parts.size());
  }

  /** What a client is told of a token it did not get from us. */
  public static AwsException invalid() {
    return AwsError.INVALID_ARGUMENT.because("NextToken is not one this operation gave out");
  }
}
