package io.millrace.ingest.source;

import io.millrace.api.error.AwsError;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL taken apart, its credentials out of it.
 *
 * @param url without credentials
 * @param host and port; a password is kept only while they stay
 * @param username of {@code user:password@}
 * @param password of the same, or the {@code passphrase} of an {@code srt} URL
 */
record SourceAddress(
    String url, String host, Optional<String> username, Optional<String> password) {
  /** Where we listen and any address will do: {@code srt://:9000}. */
  private static final Pattern NO_HOST =
      Pattern.compile("(srt|rtmp)://:([0-9]{1,5})([/?][!-~]*)?", Pattern.CASE_INSENSITIVE);

  private static final Pattern PASSPHRASE = Pattern.compile("(?<=[?&])passphrase=([^&]*)(&|$)");

  static SourceAddress of(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw AwsError.INVALID_ARGUMENT.because("url cannot be read at character " + e.getIndex());
    }
    Matcher listening = NO_HOST.matcher(text);
    if (uri.getScheme() == null || (uri.getHost() == null && !listening.matches())) {
      throw AwsError.INVALID_ARGUMENT.because("url must be like rtsp://host:port/path");
    }
    String host = uri.getHost() == null ? ":" + listening.group(2) : uri.getHost();
    String user = uri.getRawUserInfo();
    int colon = user == null ? -1 : user.indexOf(':');
    String bare = user == null ? text : text.replaceFirst("//[^/@]*@", "//");
    Optional<String> password =
        decoded(user == null || colon < 0 ? null : user.substring(colon + 1));
    Matcher passphrase = PASSPHRASE.matcher(bare);
    if (uri.getScheme().toLowerCase(Locale.ROOT).equals("srt") && passphrase.find()) {
      password = decoded(passphrase.group(1));
      bare = passphrase.replaceAll("").replaceFirst("[?&]$", "");
    }
    return new SourceAddress(
        bare,
        host + ":" + uri.getPort(),
        decoded(user == null ? null : colon < 0 ? user : user.substring(0, colon)),
        password);
  }

  private static Optional<String> decoded(@Nullable String text) {
    return Optional.ofNullable(text)
        .map(raw -> URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8));
  }
}
