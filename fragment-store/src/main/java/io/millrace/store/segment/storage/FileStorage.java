package io.millrace.store.segment.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files under one directory. Segment files are written past the page cache and synced by each write
 * where the file system allows it; elsewhere through the page cache with a sync after each write.
 */
public final class FileStorage implements Storage {
  /** Past the page cache; an extension of the JDK, so looked up by name. */
  private static final Optional<OpenOption> DIRECT = directOption();

  private final Path root;
  private final boolean direct;
  private final FileChannel lockFile;
  private final FileStore fileStore;

  private FileStorage(Path root, boolean direct, FileChannel lockFile) throws IOException {
    this.root = root;
    this.fileStore = Files.getFileStore(root);
    this.direct = direct;
    this.lockFile = lockFile;
  }

  /**
   * Opens a directory, making it when needed, for this process alone.
   *
   * @param wantDirect whether to write past the page cache where that works
   * @throws IOException if it cannot be used or another process uses it
   */
  public static FileStorage open(Path root, boolean wantDirect) throws IOException {
    Files.createDirectories(root);
    FileChannel lockFile =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = lockFile.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      locked = false;
    } finally {
      if (!locked) {
        lockFile.close();
      }
    }
    if (!locked) {
      throw new IOException(root + " is in use by another server");
    }
    return new FileStorage(root, wantDirect && DIRECT.isPresent() && takesDirect(root), lockFile);
  }

  private static Optional<OpenOption> directOption() {
    try {
      Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
      return Arrays.stream(options.getEnumConstants())
          .filter(option -> option.toString().equals("DIRECT"))
          .map(OpenOption.class::cast)
          .findAny();
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }

  private static boolean takesDirect(Path root) {
    Path probe = root.resolve("direct.probe");
    try {
      if (Files.getFileStore(root).getBlockSize() > ALIGNMENT) {
        return false;
      }
      try (FileChannel channel = FileChannel.open(probe, options(true, true))) {
        ByteBuffer block = AlignedBuffers.allocate(ALIGNMENT).limit(ALIGNMENT);
        channel.write(block, 0);
        return channel.read(block.clear().limit(ALIGNMENT), 0) == ALIGNMENT;
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  private static Set<OpenOption> options(boolean direct, boolean create) {
    Set<OpenOption> options = new HashSet<>();
    options.add(StandardOpenOption.READ);
    options.add(StandardOpenOption.WRITE);
    if (create) {
      options.add(StandardOpenOption.CREATE);
    }
    if (direct) {
      options.add(DIRECT.orElseThrow());
      options.add(StandardOpenOption.DSYNC);
    }
    return options;
  }

  @Override
  public boolean direct() {
    return direct;
  }

  @Override
  public List<String> list(String directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(directory))) {
      entries.forEach(path -> names.add(path.getFileName().toString()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    return names;
  }

  @Override
  public StorageFile open(String path, boolean create) throws IOException {
    try {
      return new OpenFile(FileChannel.open(root.resolve(path), options(direct, create)), direct);
    } catch (IOException e) {
      throw classified(e);
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    try {
      Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw classified(e);
    }
  }

  @Override
  public void delete(String path) throws IOException {
    Files.deleteIfExists(root.resolve(path));
  }

  @Override
  public void createDirectory(String path) throws IOException {
    Path directory = root.resolve(path);
    if (Files.isDirectory(directory)) {
      return;
    }
    try {
      Files.createDirectories(directory);
      for (Path up = directory.getParent();
          up != null && up.startsWith(root);
          up = up.getParent()) {
        sync(up);
      }
    } catch (IOException e) {
      throw classified(e);
    }
  }

  @Override
  public void deleteDirectory(String path) throws IOException {
    Files.deleteIfExists(root.resolve(path));
  }

  @Override
  public void syncDirectory(String path) throws IOException {
    sync(root.resolve(path));
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long sizeBytes(String path) throws IOException {
    return Files.size(root.resolve(path));
  }

  @Override
  public byte[] readSide(String path, long offset, int maxBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(root.resolve(path), StandardOpenOption.READ)) {
      long there = Math.max(0, channel.size() - offset);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(maxBytes, there));
      int read = 0;
      while (bytes.hasRemaining() && read >= 0) {
        read = channel.read(bytes, offset + bytes.position());
      }
      return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
    }
  }

  @Override
  public void writeSide(String path, byte[] bytes) throws IOException {
    Path temporary = root.resolve(path + ".tmp");
    try {
      Files.write(temporary, bytes);
      Files.move(temporary, root.resolve(path), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw classified(e);
    }
  }

  @Override
  public long usableBytes() throws IOException {
    return fileStore.getUsableSpace();
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  /** The JDK tells a full disk by the system's text only. */
  private static IOException classified(IOException e) {
    if (e instanceof NoSpaceException) {
      return e;
    }
    @Nullable String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    String lower = text == null ? "" : text.toLowerCase(Locale.ROOT);
    boolean full = lower.contains("no space left") || lower.contains("quota exceeded");
    return full ? new NoSpaceException("the disk is full", e) : e;
  }

  private record OpenFile(FileChannel channel, boolean direct) implements StorageFile {
    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      int total = 0;
      while (target.hasRemaining()) {
        int read = channel.read(target, position + total);
        if (read <= 0) {
          break;
        }
        total += read;
        if (direct && total % ALIGNMENT != 0) {
          break;
        }
      }
      return total;
    }

    @Override
    public void writeDurably(ByteBuffer source, long position) throws IOException {
      try {
        long at = position;
        while (source.hasRemaining()) {
          at += channel.write(source, at);
        }
        if (!direct) {
          channel.force(false);
        }
      } catch (IOException e) {
        throw classified(e);
      }
    }

    @Override
    public long sizeBytes() throws IOException {
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
