package io.millrace.store.segment.file;

import java.util.Arrays;

/** Numbers of shards, ascending, in little memory. Immutable. */
public final class ShardSet {
  public static final ShardSet EMPTY = new ShardSet(new char[0]);
  private final char[] numbers;

  private ShardSet(char[] numbers) {
    this.numbers = numbers;
  }

  /**
   * Makes a set.
   *
   * @param numbers in any order, repeated or not; taken
   */
  public static ShardSet of(char... numbers) {
    Arrays.sort(numbers);
    int count = 0;
    for (char number : numbers) {
      if (count == 0 || numbers[count - 1] != number) {
        numbers[count++] = number;
      }
    }
    return count == 0
        ? EMPTY
        : new ShardSet(count == numbers.length ? numbers : Arrays.copyOf(numbers, count));
  }

  public int size() {
    return numbers.length;
  }

  public int number(int index) {
    return numbers[index];
  }

  public boolean contains(int number) {
    return Arrays.binarySearch(numbers, (char) number) >= 0;
  }

  /** Both; this one itself when it has all of the other. */
  public ShardSet with(ShardSet other) {
    boolean all = true;
    for (int i = 0; all && i < other.numbers.length; i++) {
      all = contains(other.numbers[i]);
    }
    if (all) {
      return this;
    }
    char[] both = Arrays.copyOf(numbers, numbers.length + other.numbers.length);
    System.arraycopy(other.numbers, 0, both, numbers.length, other.numbers.length);
    return of(both);
  }
}
