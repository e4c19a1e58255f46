package io.millrace.datastreams.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashKeyTest {
  private static final BigInteger MAX = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

  @Test
  void isTheMd5OfThePartitionKeyAsAnUnsignedNumber() throws Exception {
    for (String key : List.of("", "a", "camera-1", "größe 東京", "x".repeat(256))) {
      byte[] digest = MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8));
      assertThat(HashKey.of(key).toBigInteger()).isEqualTo(new BigInteger(1, digest));
    }
  }

  @Test
  void readsAndWritesDecimalDigitsOfAnyNumber() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      BigInteger value = new BigInteger(random.nextInt(129), random);
      HashKey key = HashKey.parse(value.toString());
      assertThat(key.toString()).isEqualTo(value.toString());
      if (value.compareTo(MAX) < 0) {
        assertThat(key.next().toBigInteger()).isEqualTo(value.add(BigInteger.ONE));
        assertThat(key.next().previous()).isEqualTo(key);
      }
    }
    assertThat(HashKey.parse(MAX.toString())).isEqualTo(HashKey.MAX);
  }

  @Test
  void refusesWhatIsNoHashKey() {
    for (String text :
        List.of("", "-1", "01", "+1", "1.0", "ff", MAX.add(BigInteger.ONE).toString())) {
      assertThatThrownBy(() -> HashKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void comparesAsUnsigned() {
    assertThat(new HashKey(-1, 0)).isGreaterThan(new HashKey(1, -1));
    assertThat(new HashKey(0, -1)).isGreaterThan(new HashKey(0, 1));
  }

  @Test
  void twoShardsMeetWhereTheServiceSaysTheyDo() {
    List<HashKeyRange> two = HashKeyRange.uniform(2);
    assertThat(two.get(0).end().toString()).isEqualTo("170141183460469231731687303715884105727");
    assertThat(two.get(1).start().toString()).isEqualTo("170141183460469231731687303715884105728");
    assertThat(two.get(1).end().toString()).isEqualTo("340282366920938463463374607431768211455");
    assertThat(HashKeyRange.ALL.middle()).isEqualTo(two.get(1).start());
  }
}
