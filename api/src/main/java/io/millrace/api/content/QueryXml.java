package io.millrace.api.content;

import io.millrace.api.error.AwsException;

/** Answers of the query protocol, as XML. */
public final class QueryXml {
  private static final String NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/";

  private QueryXml() {}

  /** The answer of an operation without output. */
  public static String empty(String operation, String requestId) {
    return """
        <%1$sResponse xmlns="%2$s">
          <ResponseMetadata>
            <RequestId>%3$s</RequestId>
          </ResponseMetadata>
        </%1$sResponse>
        """
        .formatted(operation, NAMESPACE, requestId);
  }

  /** An error of the sender or of ours, with its code. */
  public static String error(AwsException told, String requestId) {
    return """
        <ErrorResponse xmlns="%s">
          <Error>
            <Type>%s</Type>
            <Code>%s</Code>
            <Message>%s</Message>
          </Error>
          <RequestId>%s</RequestId>
        </ErrorResponse>
        """
        .formatted(
            NAMESPACE,
            told.error().isClientFault() ? "Sender" : "Receiver",
            told.error().queryCode(),
            escaped(told.clientMessage()),
            requestId);
  }

  /** Text of an element; what XML 1.0 cannot carry becomes a question mark. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        default -> escaped.append(c < ' ' && c != '\t' && c != '\n' ? '?' : c);
      }
    }
    return escaped.toString();
  }
}
