package io.millrace.api.content;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** The gzip content coding (RFC 1952) of bodies. */
public final class Gzip {
  private static final int PIECE_BYTES = 8192;

  private Gzip() {}

  /**
   * Whether the body is compressed.
   *
   * @throws AwsException BAD_REQUEST for a coding other than gzip and identity
   */
  public static boolean isCoded(HttpServerRequest request) {
    String coding = request.getHeader("content-encoding");
    if (coding == null) {
      return false;
    }
    return switch (coding.strip().toLowerCase(Locale.ROOT)) {
      case "gzip", "x-gzip" -> true;
      case "", "identity" -> false;
      default -> throw AwsError.BAD_REQUEST.because("The only content coding accepted is gzip");
    };
  }

  /** Whether the client takes compressed answers: RFC 9110 section 12.5.3. */
  public static boolean isAccepted(@Nullable String acceptEncoding) {
    if (acceptEncoding == null) {
      return false;
    }
    for (String choice : acceptEncoding.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = choice.split(";");
      String coding = parts[0].strip();
      boolean refused = parts.length > 1 && parts[1].strip().matches("q=0(\\.0*)?");
      if ((coding.equals("gzip") || coding.equals("x-gzip")) && !refused) {
        return true;
      }
    }
    return false;
  }

  /**
   * Inflates a body, and stops as soon as it is too large.
   *
   * @throws AwsException REQUEST_TOO_LARGE, or SERIALIZATION if it is not gzip
   */
  public static Buffer inflate(Buffer coded, int maxBytes) {
    Buffer plain = Buffer.buffer(Math.min(4 * coded.length(), maxBytes));
    byte[] piece = new byte[PIECE_BYTES];
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(coded.getBytes()))) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        if (plain.length() + n > maxBytes) {
          throw AwsError.REQUEST_TOO_LARGE.because(
              "The inflated body is larger than " + maxBytes + " bytes");
        }
        plain.appendBytes(piece, 0, n);
      }
    } catch (IOException e) {
      throw AwsError.SERIALIZATION.because("The body is not valid gzip: " + e.getMessage());
    }
    return plain;
  }

  /** Compresses an answer, fast rather than small. */
  public static Buffer deflate(Buffer plain) {
    BufferOutput out = new BufferOutput(plain.length() / 2);
    try (GZIPOutputStream coded = new FastGzip(out)) {
      byte[] piece = new byte[Math.min(PIECE_BYTES, plain.length())];
      for (int at = 0; at < plain.length(); at += piece.length) {
        int n = Math.min(piece.length, plain.length() - at);
        plain.getBytes(at, at + n, piece);
        coded.write(piece, 0, n);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.buffer();
  }

  /** The stream of the JDK with the fastest level. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(BufferOutput out) throws IOException {
      super(out, PIECE_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
