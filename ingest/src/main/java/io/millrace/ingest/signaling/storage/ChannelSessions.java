package io.millrace.ingest.signaling.storage;

import io.millrace.ingest.webrtc.talk.Conversation;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The storage sessions of one channel: viewers are told when their master comes and goes, and all
 * are in one conversation. Thread-safe.
 */
final class ChannelSessions {
  private final Optional<Conversation> conversation;
  private final Set<StorageSession> masters = new HashSet<>();
  private final Set<StorageSession> viewers = new HashSet<>();

  ChannelSessions(Optional<Conversation> conversation) {
    this.conversation = conversation;
  }

  Optional<Conversation> conversation() {
    return conversation;
  }

  /** A session begins. */
  synchronized void add(StorageSession session) {
    if (session.isMaster()) {
      masters.add(session);
      viewers.forEach(StorageSession::masterCame);
    } else {
      viewers.add(session);
      if (masters.isEmpty()) {
        session.masterWent();
      }
    }
  }

  /**
   * A session has ended.
   *
   * @return whether it was the last
   */
  synchronized boolean remove(StorageSession session) {
    viewers.remove(session);
    if (masters.remove(session) && masters.isEmpty()) {
      viewers.forEach(StorageSession::masterWent);
    }
    return masters.isEmpty() && viewers.isEmpty();
  }
}
