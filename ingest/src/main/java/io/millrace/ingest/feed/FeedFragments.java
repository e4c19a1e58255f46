package io.millrace.ingest.feed;

import io.millrace.ingest.fragmenter.Fragment;
import io.millrace.ingest.fragmenter.FragmentListener;
import io.millrace.ingest.fragmenter.NumberedFragment;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.LiveFragment;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Numbers the fragments of a feed and shows them to live readers while they grow. */
final class FeedFragments implements FragmentListener {
  private final FragmentLog log;
  private final BiConsumer<NumberedFragment, Fragment> archive;
  private @Nullable LiveFragment live;

  /**
   * @param archive takes each whole fragment
   */
  FeedFragments(FragmentLog log, BiConsumer<NumberedFragment, Fragment> archive) {
    this.log = log;
    this.archive = archive;
  }

  @Override
  public void fragmentBegan(long timecode, long timecodeNanos) {
    live = log.live().open(log::nextNumber, timecodeNanos);
  }

  @Override
  public void fragmentGrew(byte[] bytes, int headBytes, int sizeBytes) {
    if (live != null) {
      live.grow(bytes, headBytes, sizeBytes);
    }
  }

  @Override
  public void fragmentCompleted(Fragment fragment) {
    LiveFragment whole = live;
    if (whole == null) {
      throw new IllegalStateException("a fragment that never began");
    }
    live = null;
    whole.complete(fragment.payload());
    archive.accept(
        new NumberedFragment(fragment.timecode(), fragment.timecodeNanos(), whole.number()),
        fragment);
  }

  /** An open fragment will never be stored. */
  void abort() {
    LiveFragment torn = live;
    live = null;
    if (torn != null) {
      torn.abort();
    }
  }
}
