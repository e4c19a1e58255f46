package io.millrace.datastreams.lease.expression;

import io.millrace.api.error.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The tokens of one expression, read one after the other. */
final class Tokens {
  private static final String SINGLE_SIGNS = "=<>()[],.+-";

  private final ExpressionKind kind;
  private final ExpressionLimits limits;
  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int operators;

  /**
   * @throws AwsException VALIDATION if the text is empty or too long
   */
  Tokens(ExpressionKind kind, String source, ExpressionLimits limits) {
    this.kind = kind;
    this.limits = limits;
    this.source = source;
    if (source.isEmpty()) {
      throw kind.invalid("The expression can not be empty;");
    }
    int bytes = source.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limits.maxBytes()) {
      throw kind.invalid(
          "Expression size has exceeded the maximum allowed size; expression size: " + bytes);
    }
    split();
  }

  private void split() {
    int at = 0;
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        at++;
        continue;
      }
      Token token = token(c, at);
      tokens.add(token);
      at = token.end();
    }
    tokens.add(new Token(Token.Kind.END, "", source.length()));
  }

  private Token token(char c, int at) {
    if (isLetter(c)) {
      return new Token(Token.Kind.WORD, word(at, at), at);
    }
    if (isDigit(c)) {
      int end = at;
      while (end < source.length() && isDigit(source.charAt(end))) {
        end++;
      }
      return new Token(Token.Kind.NUMBER, source.substring(at, end), at);
    }
    if ((c == '#' || c == ':') && at + 1 < source.length() && isWordChar(source.charAt(at + 1))) {
      return new Token(c == '#' ? Token.Kind.NAME : Token.Kind.VALUE, word(at, at + 1), at);
    }
    for (String sign : List.of("<>", "<=", ">=")) {
      if (source.startsWith(sign, at)) {
        return new Token(Token.Kind.SIGN, sign, at);
      }
    }
    boolean known = SINGLE_SIGNS.indexOf(c) >= 0;
    int length = Character.charCount(source.codePointAt(at));
    return new Token(
        known ? Token.Kind.SIGN : Token.Kind.UNKNOWN, source.substring(at, at + length), at);
  }

  private String word(int start, int from) {
    int end = from;
    while (end < source.length() && isWordChar(source.charAt(end))) {
      end++;
    }
    return source.substring(start, end);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordChar(char c) {
    return isLetter(c) || isDigit(c) || c == '_';
  }

  ExpressionKind kind() {
    return kind;
  }

  ExpressionLimits limits() {
    return limits;
  }

  /** The token at hand; END stays at hand. */
  Token peek() {
    return tokens.get(position);
  }

  Token peekAfter() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  Token take() {
    Token token = peek();
    if (token.kind() != Token.Kind.END) {
      position++;
    }
    return token;
  }

  /** Index of the token at hand, to tell how much was read. */
  int position() {
    return position;
  }

  boolean takeSign(String sign) {
    boolean found = peek().isSign(sign);
    if (found) {
      position++;
    }
    return found;
  }

  boolean takeKeyword(String keyword) {
    boolean found = peek().isKeyword(keyword);
    if (found) {
      position++;
    }
    return found;
  }

  void expectSign(String sign) {
    if (!takeSign(sign)) {
      throw unexpected();
    }
  }

  void expectKeyword(String keyword) {
    if (!takeKeyword(keyword)) {
      throw unexpected();
    }
  }

  void expectEnd() {
    if (peek().kind() != Token.Kind.END) {
      throw unexpected();
    }
  }

  /**
   * Counts an operator or function.
   *
   * @throws AwsException VALIDATION if there are too many
   */
  void operator(String name) {
    if (++operators > limits.maxOperators()) {
      throw kind.invalid(
          "The expression contains too many operators; operator count: " + operators);
    }
  }

  /** What is said of a token that may not stand here, with its neighbours. */
  AwsException unexpected() {
    int from = tokens.get(Math.max(0, position - 1)).start();
    int to = tokens.get(Math.min(position + 1, tokens.size() - 1)).end();
    return kind.invalid(
        "Syntax error; token: \"%s\", near: \"%s\""
            .formatted(peek().shown(), source.substring(from, Math.max(from, to))));
  }
}
