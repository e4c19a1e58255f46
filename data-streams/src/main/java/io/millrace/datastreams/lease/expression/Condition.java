package io.millrace.datastreams.lease.expression;

import io.millrace.datastreams.lease.value.Values;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A condition on an item. */
public sealed interface Condition {
  /** Whether it holds for the attributes of an item; those of no item are empty. */
  boolean holds(Map<String, AttributeValue> item);

  /** Top-level attributes it looks at. */
  default Set<String> attributes() {
    Set<String> names = new TreeSet<>();
    collect(this, names);
    return names;
  }

  private static void collect(Condition condition, Set<String> names) {
    switch (condition) {
      case Compare(Operand left, Comparison comparison, Operand right) -> {
        left.attribute().ifPresent(names::add);
        right.attribute().ifPresent(names::add);
      }
      case Between(Operand value, Operand low, Operand high) ->
          List.of(value, low, high).forEach(operand -> operand.attribute().ifPresent(names::add));
      case In(Operand value, List<Operand> choices) -> {
        value.attribute().ifPresent(names::add);
        choices.forEach(operand -> operand.attribute().ifPresent(names::add));
      }
      case And(Condition left, Condition right) -> {
        collect(left, names);
        collect(right, names);
      }
      case Or(Condition left, Condition right) -> {
        collect(left, names);
        collect(right, names);
      }
      case Not(Condition of) -> collect(of, names);
      case Exists(Path path, boolean wanted) -> names.add(path.attribute());
      case OfType(Path path, String type) -> names.add(path.attribute());
      case BeginsWith(Operand value, Operand prefix) -> {
        value.attribute().ifPresent(names::add);
        prefix.attribute().ifPresent(names::add);
      }
      case Contains(Operand container, Operand member) -> {
        container.attribute().ifPresent(names::add);
        member.attribute().ifPresent(names::add);
      }
    }
  }

  /** How two values are compared. */
  enum Comparison {
    EQ("="),
    NE("<>"),
    LT("<"),
    LE("<="),
    GT(">"),
    GE(">=");

    private final String sign;

    Comparison(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }

    /** The same with its operands exchanged. */
    public Comparison flipped() {
      return switch (this) {
        case EQ, NE -> this;
        case LT -> GT;
        case LE -> GE;
        case GT -> LT;
        case GE -> LE;
      };
    }

    /** Whether it holds; what is missing or of another type is only unequal. */
    boolean holds(@Nullable AttributeValue left, @Nullable AttributeValue right) {
      if (left == null || right == null) {
        return this == NE;
      }
      if (this == EQ || this == NE) {
        return left.equals(right) == (this == EQ);
      }
      if (left.type() != right.type() || !Values.isOrdered(left)) {
        return false;
      }
      int order = Values.compare(left, right);
      return switch (this) {
        case LT -> order < 0;
        case LE -> order <= 0;
        case GT -> order > 0;
        case GE -> order >= 0;
        case EQ, NE -> throw new IllegalStateException("compared above");
      };
    }
  }

  /** {@code left = right} and its like. */
  record Compare(Operand left, Comparison comparison, Operand right) implements Condition {
    @Override
    public boolean holds(Map<String, AttributeValue> item) {
      return comparison.holds(left.in(item), right.in(item));
    }
  }

  /** {@code value BETWEEN low AND high}; both ends belong to it. */
  record Between(Operand value, Operand low, Operand high) implements Condition {
    @Override
    public boolean holds(Map<String, AttributeValue> item) {
      AttributeValue found = value.in(item);
      return Comparison.GE.holds(found, low.in(item)) && Comparison.LE.holds(found, high.in(item));
    }
  }

  /** {@code value IN (choice, …)}. */
  record In(Operand value, List<Operand> choices) implements Condition {
    public In {
      choices = List.copyOf(choices);
    }

    @Override
    public boolean holds(Map<String, AttributeValue> item) {
      AttributeValue found = value.in(item);
      for (Operand choice : choices) {
        if (Comparison.EQ.holds(found, choice.in(item))) {
          return true;
        }
      }
      return false;
    }
  }

  /** All of them. */
  record And(Condition left, Condition right) implements Condition {
    @Override
    public boolean holds(Map<String, AttributeValue> item) {
      return left.holds(item) && right.holds(item);
    }
  }

  /** One of them at least. */
  record Or(Condition left, Condition right) implements Condition {
    @Override
    public boolean holds(Map<String, AttributeValue> item) {
      return left.holds(item) || right.holds(item);
    }
  }

  /** The opposite. */
  record Not(Condition of) implements Condition {
    @Override
    public boolean holds(Map<String, AttributeValue> item) {
      return !of.holds(item);
    }
  }

  /** {@code attribute_exists(path)}, or with {@code wanted} false the other. */
  record Exists(Path path, boolean wanted) implements Condition {
    @Override
    public boolean holds(Map<String, AttributeValue> item) {
      return (path.find(item) != null) == wanted;
    }
  }

  /** {@code attribute_type(path, type)}. */
  record OfType(Path path, String type) implements Condition {
    @Override
    public boolean holds(Map<String, AttributeValue> item) {
      AttributeValue found = path.find(item);
      return found != null && Values.typeName(found).equals(type);
    }
  }

  /** {@code begins_with(value, prefix)}. */
  record BeginsWith(Operand value, Operand prefix) implements Condition {
    @Override
    public boolean holds(Map<String, AttributeValue> item) {
      AttributeValue found = value.in(item);
      AttributeValue wanted = prefix.in(item);
      if (found == null || wanted == null || found.type() != wanted.type()) {
        return false;
      }
      return switch (found.type()) {
        case S -> found.s().startsWith(wanted.s());
        case B -> startsWith(found.b(), wanted.b());
        default -> false;
      };
    }

    private static boolean startsWith(SdkBytes bytes, SdkBytes prefix) {
      byte[] all = bytes.asByteArrayUnsafe();
      byte[] start = prefix.asByteArrayUnsafe();
      return start.length <= all.length
          && java.util.Arrays.equals(all, 0, start.length, start, 0, start.length);
    }
  }

  /** {@code contains(container, member)}: of a string, a set or a list. */
  record Contains(Operand container, Operand member) implements Condition {
    @Override
    public boolean holds(Map<String, AttributeValue> item) {
      AttributeValue all = container.in(item);
      AttributeValue wanted = member.in(item);
      if (all == null || wanted == null) {
        return false;
      }
      return switch (all.type()) {
        case S -> wanted.type() == AttributeValue.Type.S && all.s().contains(wanted.s());
        case B -> wanted.type() == AttributeValue.Type.B && indexOf(all.b(), wanted.b()) >= 0;
        case SS -> wanted.type() == AttributeValue.Type.S && all.ss().contains(wanted.s());
        case NS -> wanted.type() == AttributeValue.Type.N && all.ns().contains(wanted.n());
        case BS -> wanted.type() == AttributeValue.Type.B && all.bs().contains(wanted.b());
        case L -> all.l().contains(wanted);
        case N, BOOL, NUL, M, UNKNOWN_TO_SDK_VERSION -> false;
      };
    }

    private static int indexOf(SdkBytes bytes, SdkBytes part) {
      // One char per byte keeps the order of bytes, and the search is the JDK's.
      return latin1(bytes).indexOf(latin1(part));
    }

    private static String latin1(SdkBytes bytes) {
      return new String(bytes.asByteArrayUnsafe(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }
  }
}
