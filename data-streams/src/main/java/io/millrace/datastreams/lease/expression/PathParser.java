package io.millrace.datastreams.lease.expression;

import java.util.ArrayList;
import java.util.List;

/** Reads document paths: {@code a.#b[3].c}. */
final class PathParser {
  private static final int MAX_INDEX_DIGITS = 9;

  private final Tokens tokens;
  private final Placeholders placeholders;

  PathParser(Tokens tokens, Placeholders placeholders) {
    this.tokens = tokens;
    this.placeholders = placeholders;
  }

  /** Whether a path can begin at the token at hand. */
  boolean isNext() {
    Token.Kind kind = tokens.peek().kind();
    return kind == Token.Kind.WORD || kind == Token.Kind.NAME;
  }

  Path path() {
    List<Path.Step> steps = new ArrayList<>();
    steps.add(name());
    while (true) {
      if (tokens.takeSign(".")) {
        steps.add(name());
      } else if (tokens.takeSign("[")) {
        steps.add(index());
        tokens.expectSign("]");
      } else {
        break;
      }
      if (steps.size() > tokens.limits().maxPathDepth()) {
        throw tokens
            .kind()
            .invalid(
                "The document path has too many nesting levels; nesting levels: " + steps.size());
      }
    }
    return new Path(steps);
  }

  private Path.Name name() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case NAME -> {
        tokens.take();
        yield new Path.Name(placeholders.name(tokens.kind(), token.text()));
      }
      case WORD -> {
        if (ReservedWords.contains(token.text())) {
          throw tokens
              .kind()
              .invalid("Attribute name is a reserved keyword; reserved keyword: " + token.text());
        }
        tokens.take();
        yield new Path.Name(token.text());
      }
      default -> throw tokens.unexpected();
    };
  }

  private Path.Index index() {
    Token token = tokens.peek();
    if (token.kind() != Token.Kind.NUMBER) {
      throw tokens.unexpected();
    }
    if (token.text().length() > MAX_INDEX_DIGITS) {
      throw tokens
          .kind()
          .invalid("List index is not within the allowable range; index: [" + token.text() + "]");
    }
    tokens.take();
    return new Path.Index(Integer.parseInt(token.text()));
  }
}
