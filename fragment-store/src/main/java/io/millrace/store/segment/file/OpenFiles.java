package io.millrace.store.segment.file;

import io.millrace.store.segment.storage.Storage;
import io.millrace.store.segment.storage.StorageFile;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Open segment files, at most a given number while idle. Thread-safe. */
public final class OpenFiles {
  private final Storage storage;
  private final int limit;
  private final LinkedHashMap<Segment, Held> files = new LinkedHashMap<>(64, 0.75f, true);

  private static final class Held {
    private final StorageFile file;
    private int users;

    private Held(StorageFile file) {
      this.file = file;
    }
  }

  public OpenFiles(Storage storage, int limit) {
    this.storage = storage;
    this.limit = limit;
  }

  /** Adds a file just made. */
  public void add(Segment segment, StorageFile file) {
    synchronized (this) {
      files.put(segment, new Held(file));
    }
    closeIdle(limit);
  }

  /** Something to do with an open file. */
  public interface Use<T> {
    T with(StorageFile file) throws IOException;
  }

  /** Opens or finds the file of a segment and keeps it open meanwhile. */
  public <T> T use(Segment segment, Use<T> use) throws IOException {
    StorageFile file = borrow(segment);
    try {
      return use.with(file);
    } finally {
      giveBack(segment);
    }
  }

  private StorageFile borrow(Segment segment) throws IOException {
    synchronized (this) {
      Held held = files.get(segment);
      if (held == null) {
        held = new Held(storage.open(segment.path(), false));
        files.put(segment, held);
      }
      held.users++;
      StorageFile file = held.file;
      return file;
    }
  }

  private void giveBack(Segment segment) {
    boolean crowded;
    synchronized (this) {
      Held held = files.get(segment);
      if (held != null) {
        held.users--;
      }
      crowded = files.size() > limit;
    }
    if (crowded) {
      closeIdle(limit);
    }
  }

  /** Closes the file of a segment nobody uses any more. */
  public void forget(Segment segment) {
    Held held;
    synchronized (this) {
      held = files.remove(segment);
    }
    if (held != null) {
      close(held.file);
    }
  }

  public void closeAll() {
    closeIdle(0);
  }

  public synchronized int size() {
    return files.size();
  }

  private synchronized void closeIdle(int keep) {
    Iterator<Map.Entry<Segment, Held>> oldest = files.entrySet().iterator();
    while (files.size() > keep && oldest.hasNext()) {
      Held held = oldest.next().getValue();
      if (held.users == 0) {
        oldest.remove();
        close(held.file);
      }
    }
  }

  /** Every write was synced by itself, so nothing is lost when closing fails. */
  private static void close(StorageFile file) {
    try {
      file.close();
    } catch (IOException e) {
      return;
    }
  }
}
