package io.millrace.server;

import io.millrace.ingest.source.SecretBox;
import io.millrace.server.config.StartFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file with one secret key in hexadecimal, made at the first start so that only its owner can
 * read it. Whoever loses it has to enter the passwords of cameras again.
 */
final class KeyFile {
  private KeyFile() {}

  /**
   * The key of a file, which is made when it is missing.
   *
   * @throws StartFailure if it cannot be read or made, or holds no key
   */
  static byte[] readOrMake(Path file, SecureRandom random) {
    try {
      return Files.exists(file) ? read(file) : make(file, random);
    } catch (IOException e) {
      throw new StartFailure("cannot use the key file " + file + ": " + e.getMessage(), e);
    }
  }

  private static byte[] read(Path file) throws IOException {
    try {
      byte[] key = HexFormat.of().parseHex(Files.readString(file).strip());
      if (key.length == SecretBox.KEY_BYTES) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      throw noKey(file, e);
    }
    throw noKey(file, null);
  }

  private static StartFailure noKey(Path file, @Nullable Throwable cause) {
    return new StartFailure(
        "the key file %s must hold %d hexadecimal digits".formatted(file, 2 * SecretBox.KEY_BYTES),
        cause);
  }

  private static byte[] make(Path file, SecureRandom random) throws IOException {
    byte[] key = new byte[SecretBox.KEY_BYTES];
    random.nextBytes(key);
    byte[] text = (HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII);
    try (var out =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
      out.write(ByteBuffer.wrap(text));
      return key;
    } catch (FileAlreadyExistsException e) {
      return read(file);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
