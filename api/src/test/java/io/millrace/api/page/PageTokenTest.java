package io.millrace.api.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.AwsException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTokenTest {
  private static void refused(String token, String call) {
    assertThatThrownBy(() -> PageToken.decode(token, call))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining("NextToken");
  }

  @Test
  void carriesItsPartsWithinTheServicesAlphabet() {
    List<String> parts = List.of("", "cam", "ä\u0000 / +");
    String token = PageToken.encode("ListStreams", parts);
    assertThat(token).matches("[a-zA-Z0-9+/]+={0,2}");
    assertThat(PageToken.decode(token, "ListStreams")).isEqualTo(parts);
  }

  @Test
  void belongsToOneCall() {
    refused(PageToken.encode("ListStreams", List.of("a")), "ListFragments");
  }

  @Test
  void noticesEveryChange() {
    String token = PageToken.encode("call", List.of("some", "parts"));
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String changed = token.substring(0, i) + other + token.substring(i + 1);
      if (!changed.equals(token)) {
        refused(changed, "call");
      }
      refused(token.substring(0, i), "call");
    }
    refused("A".repeat(PageToken.MAX_LENGTH), "call");
    refused("A".repeat(PageToken.MAX_LENGTH + 4), "call");
    refused("***", "call");
  }
}
