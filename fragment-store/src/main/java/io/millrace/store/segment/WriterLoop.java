package io.millrace.store.segment;

import io.millrace.store.segment.file.Block;
import io.millrace.store.segment.file.BlockEncoder;
import java.util.ArrayDeque;

/**
 * One writer thread: takes requests to the lanes it owns and lets each lane in turn do one commit
 * or one action. The commit under way is the batch window of the next.
 */
final class WriterLoop implements Runnable {
  private final Mailbox mailbox = new Mailbox();
  private final QueueBudget budget;
  private final BlockEncoder encoder;
  private final Block block = new Block();
  private final ArrayDeque<LaneRequest> arrived = new ArrayDeque<>();
  private final ArrayDeque<LaneCommitter> turns = new ArrayDeque<>();

  WriterLoop(QueueBudget budget, int slabBytes) {
    this.budget = budget;
    this.encoder = new BlockEncoder(slabBytes);
  }

  QueueBudget budget() {
    return budget;
  }

  BlockEncoder encoder() {
    return encoder;
  }

  /** The block that a lane is about to write; of one turn only. */
  Block block() {
    return block;
  }

  /** Hands in a request; false when the writer stops. */
  boolean submit(LaneRequest request) {
    return mailbox.offer(request);
  }

  /** Lets it finish what was handed in, and end. */
  void stop() {
    mailbox.close();
  }

  @Override
  public void run() {
    boolean more = true;
    while (more) {
      more = step(true);
    }
  }

  /**
   * One turn of one lane.
   *
   * @param wait whether to wait for something to do
   * @return false when there is nothing to do, and with {@code wait} never will be
   */
  boolean step(boolean wait) {
    boolean open = mailbox.drain(arrived, wait && turns.isEmpty());
    while (!arrived.isEmpty()) {
      LaneRequest request = arrived.removeFirst();
      LaneCommitter committer = request.lane().committer();
      if (committer.enqueue(request)) {
        turns.addLast(committer);
      }
    }
    LaneCommitter turn = turns.pollFirst();
    if (turn == null) {
      return wait && open;
    }
    if (turn.turn()) {
      turns.addLast(turn);
    }
    return true;
  }
}
