package io.millrace.ingest.webrtc.dtls;

import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Room for the handshakes of all peers, so that a flood of them leaves time for the media. */
public final class Handshakes {
  private final DtlsSettings settings;
  private final ThreadFactory threads;
  private final Semaphore places;

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
  boolean enter() throws InterruptedException {
    return places.tryAcquire(settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  void leave() {
    places.release();
  }
}
