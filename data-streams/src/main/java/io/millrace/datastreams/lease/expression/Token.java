package io.millrace.datastreams.lease.expression;

import java.util.Locale;

/**
 * A piece of an expression.
 *
 * @param text as written; empty at the end
 * @param start index of its first char in the expression
 */
record Token(Kind kind, String text, int start) {
  enum Kind {
    /** A bare name or a keyword. */
    WORD,
    /** {@code #name}. */
    NAME,
    /** {@code :value}. */
    VALUE,
    /** Digits. */
    NUMBER,
    /** An operator, bracket or comma. */
    SIGN,
    /** Something the language has no use for. */
    UNKNOWN,
    END
  }

  int end() {
    return start + text.length();
  }

  boolean isSign(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  /** Whether it is a keyword, in any case. */
  boolean isKeyword(String keyword) {
    return kind == Kind.WORD && text.toUpperCase(Locale.ROOT).equals(keyword);
  }

  String shown() {
    return kind == Kind.END ? "<EOF>" : text;
  }
}
