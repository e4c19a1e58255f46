package io.millrace.tests.hostile;

import java.io.IOException;

/** One kind of nonsense, sent until enough was sent. */
interface Attack {
  /** In the table. */
  String kind();

  /** Sends all packets, no faster than the pace; returns how many it sent. */
  long run(long packets, Pace pace) throws IOException;
}
