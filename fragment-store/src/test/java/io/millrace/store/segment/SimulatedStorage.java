package io.millrace.store.segment;

import io.millrace.store.segment.storage.NoSpaceException;
import io.millrace.store.segment.storage.Storage;
import io.millrace.store.segment.storage.StorageFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A disk in memory that loses what was not synced when it crashes: names that were not synced stay
 * or go one by one, side files may be cut or old, and the write under way is torn into sectors. Its
 * fate hangs on a seed only.
 */
final class SimulatedStorage implements Storage {
  private static final int SECTOR_BYTES = 512;
  private final SplittableRandom random;
  private final Map<String, Inode> names = new TreeMap<>();
  private final Map<String, Inode> syncedNames = new TreeMap<>();
  private boolean crashed;
  private int writesUntilCrash = Integer.MAX_VALUE;
  private int writesUntilError = Integer.MAX_VALUE;
  private boolean full;
  private boolean lying;

  private static final class Inode {
    private byte[] seen = new byte[0];
    private byte[] synced = new byte[0];
  }

  SimulatedStorage(SplittableRandom random) {
    this.random = random;
  }

  /** The power fails during the n-th durable write from now, counted from 0. */
  void crashAfter(int writes) {
    writesUntilCrash = writes;
  }

  /** The n-th durable write from now fails. */
  void failAfter(int writes) {
    writesUntilError = writes;
  }

  /** Whether files can be made or grown. */
  void full(boolean now) {
    full = now;
  }

  /** From now on durable writes return before anything is durable: the bug to be caught. */
  void lie() {
    lying = true;
  }

  boolean crashed() {
    return crashed;
  }

  /** Power is off: everything fails from now on. */
  void crash() {
    crashed = true;
  }

  /** Power is back: only what was durable is there, and some of the rest. */
  void restart() {
    Map<String, Inode> all = new TreeMap<>(syncedNames);
    all.putAll(names);
    for (String path : all.keySet()) {
      Inode now = names.get(path);
      if (now != syncedNames.get(path) && random.nextBoolean()) {
        if (now == null) {
          syncedNames.remove(path);
        } else {
          syncedNames.put(path, now);
        }
      }
    }
    names.clear();
    names.putAll(syncedNames);
    names.values().forEach(inode -> inode.seen = inode.synced.clone());
    crashed = false;
    writesUntilCrash = Integer.MAX_VALUE;
    writesUntilError = Integer.MAX_VALUE;
    full = false;
  }

  /** Changes one byte of a file, durably. */
  void flip(String path, long offset) {
    Inode inode = names.get(path);
    inode.seen[(int) offset] ^= 0x40;
    inode.synced = inode.seen.clone();
  }

  /** Replaces bytes of a file, durably, up to its end. */
  void overwrite(String path, long offset, byte[] bytes) {
    Inode inode = names.get(path);
    int length = (int) Math.min(bytes.length, inode.seen.length - offset);
    System.arraycopy(bytes, 0, inode.seen, (int) offset, length);
    inode.synced = inode.seen.clone();
  }

  List<String> paths() {
    return List.copyOf(names.keySet());
  }

  long bytes(String path) {
    return names.get(path).seen.length;
  }

  private void check() throws IOException {
    if (crashed) {
      throw new IOException("the power is off");
    }
  }

  private Inode inode(String path) throws IOException {
    check();
    Inode inode = names.get(path);
    if (inode == null) {
      throw new FileNotFoundException(path);
    }
    return inode;
  }

  @Override
  public boolean direct() {
    return true;
  }

  @Override
  public List<String> list(String directory) throws IOException {
    check();
    List<String> found = new ArrayList<>();
    for (String path : names.keySet()) {
      if (path.startsWith(directory + "/") && path.indexOf('/', directory.length() + 1) < 0) {
        found.add(path.substring(directory.length() + 1));
      }
    }
    return found;
  }

  @Override
  public StorageFile open(String path, boolean create) throws IOException {
    check();
    if (create && !names.containsKey(path)) {
      if (full) {
        throw new NoSpaceException("simulated: no room for a file");
      }
      names.put(path, new Inode());
    }
    return new OpenFile(inode(path));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    names.put(to, inode(from));
    names.remove(from);
  }

  @Override
  public void delete(String path) throws IOException {
    check();
    names.remove(path);
  }

  @Override
  public void createDirectory(String path) throws IOException {
    check();
  }

  @Override
  public void deleteDirectory(String path) throws IOException {
    check();
    if (!list(path).isEmpty()) {
      throw new IOException(path + " is not empty");
    }
  }

  @Override
  public void syncDirectory(String path) throws IOException {
    check();
    syncedNames.keySet().removeIf(name -> in(path, name) && !names.containsKey(name));
    names.forEach(
        (name, inode) -> {
          if (in(path, name)) {
            syncedNames.put(name, inode);
          }
        });
  }

  private static boolean in(String directory, String path) {
    return path.startsWith(directory + "/") && path.lastIndexOf('/') == directory.length();
  }

  @Override
  public long sizeBytes(String path) throws IOException {
    return inode(path).seen.length;
  }

  @Override
  public byte[] readSide(String path, long offset, int maxBytes) throws IOException {
    byte[] bytes = inode(path).seen;
    int from = (int) Math.min(offset, bytes.length);
    return Arrays.copyOfRange(bytes, from, (int) Math.min(bytes.length, (long) from + maxBytes));
  }

  @Override
  public void writeSide(String path, byte[] bytes) throws IOException {
    check();
    if (full) {
      throw new NoSpaceException("simulated: no room for a side file");
    }
    Inode inode = new Inode();
    inode.seen = bytes.clone();
    inode.synced =
        switch (random.nextInt(3)) {
          case 0 -> bytes.clone();
          case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
          default -> new byte[bytes.length];
        };
    names.put(path, inode);
  }

  @Override
  public long usableBytes() throws IOException {
    check();
    return full ? 0 : Long.MAX_VALUE;
  }

  @Override
  public void close() {
    // The disk outlives the engine.
  }

  private final class OpenFile implements StorageFile {
    private final Inode inode;

    private OpenFile(Inode inode) {
      this.inode = inode;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      check();
      aligned(target.remaining(), position);
      int bytes = (int) Math.min(target.remaining(), Math.max(0, inode.seen.length - position));
      target.put(inode.seen, (int) Math.min(position, inode.seen.length), bytes);
      return bytes;
    }

    @Override
    public void writeDurably(ByteBuffer source, long position) throws IOException {
      check();
      aligned(source.remaining(), position);
      int bytes = source.remaining();
      int end = Math.toIntExact(position + bytes);
      boolean grows = end > inode.seen.length;
      if (writesUntilCrash-- == 0) {
        tear(source, (int) position);
        crashed = true;
        throw new IOException("the power failed");
      }
      if (writesUntilError-- == 0 || (full && grows)) {
        tear(source, (int) position);
        inode.seen = inode.synced.clone();
        throw full ? new NoSpaceException("simulated: full") : new IOException("simulated: EIO");
      }
      inode.seen = Arrays.copyOf(inode.seen, Math.max(inode.seen.length, end));
      source.get(inode.seen, (int) position, bytes);
      if (!lying) {
        inode.synced = inode.seen.clone();
      }
    }

    private void tear(ByteBuffer source, int position) {
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      for (int at = 0; at < bytes.length; at += SECTOR_BYTES) {
        if (random.nextBoolean()) {
          int end = position + at + SECTOR_BYTES;
          inode.synced = Arrays.copyOf(inode.synced, Math.max(inode.synced.length, end));
          System.arraycopy(bytes, at, inode.synced, position + at, SECTOR_BYTES);
        }
      }
    }

    @Override
    public long sizeBytes() throws IOException {
      check();
      return inode.seen.length;
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  private static void aligned(int bytes, long position) {
    if (bytes % ALIGNMENT != 0 || position % ALIGNMENT != 0) {
      throw new IllegalArgumentException("unaligned: " + bytes + " bytes at " + position);
    }
  }
}
