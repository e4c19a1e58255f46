package io.millrace.datastreams.read;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.store.shard.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shard iterators as clients carry them: everything that is needed to read on, signed so that
 * nobody makes one up, and good for a limited time. The server keeps nothing. Thread-safe.
 */
public final class IteratorTokens {
  /** Bytes of the secret. */
  public static final int SECRET_BYTES = 32;

  private static final int VERSION = 1;
  private static final int MAC_BYTES = 16;
  private static final int FIXED_BYTES = 1 + Long.BYTES + Long.BYTES + Integer.BYTES + Long.BYTES;
  private static final int MAX_LENGTH = 512;
  private static final String ALGORITHM = "HmacSHA256";
  private static final DateTimeFormatter TOLD =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final SecretKeySpec key;
  private final Duration life;
  private final InstantSource clock;

  /**
   * @param secret {@value #SECRET_BYTES} bytes; the same after a restart, so that iterators survive
   *     it
   * @param life how long an iterator is good
   */
  public IteratorTokens(byte[] secret, Duration life, InstantSource clock) {
    this.key = new SecretKeySpec(secret, ALGORITHM);
    this.life = life;
    this.clock = clock;
  }

  /** A fresh token. */
  String encode(String stream, long createdMillis, int shard, Position position) {
    byte[] name = stream.getBytes(StandardCharsets.UTF_8);
    ByteBuffer token = ByteBuffer.allocate(FIXED_BYTES + name.length + MAC_BYTES);
    token.put((byte) VERSION);
    token.putLong(clock.millis()).putLong(createdMillis).putInt(shard);
    token.putLong(position.value()).put(name);
    token.put(mac(token.array(), token.position()), 0, MAC_BYTES);
    return Base64.getEncoder().encodeToString(token.array());
  }

  /**
   * Reads a token.
   *
   * @throws AwsException INVALID_ARGUMENT if it is none of ours, EXPIRED_ITERATOR if it is too old
   */
  ShardIterator decode(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
    int signed = bytes.length - MAC_BYTES;
    if (text.length() > MAX_LENGTH
        || signed <= FIXED_BYTES
        || bytes[0] != VERSION
        || !MessageDigest.isEqual(
            Arrays.copyOf(mac(bytes, signed), MAC_BYTES),
            Arrays.copyOfRange(bytes, signed, bytes.length))) {
      throw invalid();
    }
    ByteBuffer token = ByteBuffer.wrap(bytes, 1, signed - 1);
    long madeMillis = token.getLong();
    long createdMillis = token.getLong();
    int shard = token.getInt();
    Position position = new Position(token.getLong());
    String stream = StandardCharsets.UTF_8.decode(token).toString();
    checkAge(madeMillis);
    return new ShardIterator(stream, createdMillis, shard, position, madeMillis);
  }

  private void checkAge(long madeMillis) {
    long now = clock.millis();
    if (now - madeMillis > life.toMillis()) {
      throw AwsError.EXPIRED_ITERATOR.because(
          ("Iterator expired. The iterator was created at time %s while right now it is %s which is"
                  + " further in the future than the tolerated delay of %d milliseconds.")
              .formatted(
                  TOLD.format(Instant.ofEpochMilli(madeMillis)),
                  TOLD.format(Instant.ofEpochMilli(now)),
                  life.toMillis()));
    }
  }

  private byte[] mac(byte[] bytes, int length) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(bytes, 0, length);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  private static AwsException invalid() {
    return AwsError.INVALID_ARGUMENT.because("Invalid ShardIterator.");
  }
}
