package io.millrace.ingest.webrtc.dtls;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Room for the handshakes of all peers, so that a flood of them leaves time for the media, and some
 * of it for the peers of each address, so that those who begin and never end leave room for others.
 * Thread-safe.
 */
public final class Handshakes {
  private final DtlsSettings settings;
  private final ThreadFactory threads;
  private final Semaphore places;
  private final ConcurrentMap<InetAddress, Share> shares = new ConcurrentHashMap<>();

  /** The room of one address. */
  private static final class Share {
    final Semaphore places;
    int users;

    Share(int places) {
      this.places = new Semaphore(places, true);
    }
  }

  /**
   * @param threads makes a thread for each peer, which mostly waits; virtual ones suit
   */
  public Handshakes(DtlsSettings settings, ThreadFactory threads) {
    this.settings = settings;
    this.threads = threads;
    places = new Semaphore(settings.handshakesAtOnce(), true);
  }

  DtlsSettings settings() {
    return settings;
  }

  void start(Runnable work) {
    threads.newThread(work).start();
  }

  /** Waits for a place; false when there was none in time. */
  boolean enter(InetAddress from) throws InterruptedException {
    long deadline = System.nanoTime() + settings.handshakeTimeout().toNanos();
    Semaphore own = shareOf(from).places;
    boolean entered = false;
    try {
      if (own.tryAcquire(settings.handshakeTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
        entered = places.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (!entered) {
          own.release();
        }
      }
      return entered;
    } finally {
      if (!entered) {
        forget(from);
      }
    }
  }

  void leave(InetAddress from) {
    places.release();
    Share share = shares.get(from);
    if (share != null) {
      share.places.release();
      forget(from);
    }
  }

  private Share shareOf(InetAddress from) {
    return shares.compute(
        from,
        (address, known) -> {
          Share share = known == null ? new Share(settings.handshakesPerAddress()) : known;
          share.users++;
          return share;
        });
  }

  /** One user less; the room of an address without any is forgotten. */
  private void forget(InetAddress from) {
    shares.computeIfPresent(from, (address, share) -> --share.users == 0 ? null : share);
  }
}
