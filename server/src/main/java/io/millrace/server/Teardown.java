package io.millrace.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was opened, closed in the opposite order; a failure does not keep the rest open. */
final class Teardown {
  private static final Logger LOG = LoggerFactory.getLogger(Teardown.class);

  private record Step(String name, AutoCloseable close) {}

  private final Deque<Step> steps = new ArrayDeque<>();

  synchronized void add(String name, AutoCloseable close) {
    steps.push(new Step(name, close));
  }

  synchronized void run() {
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      try {
        step.close.close();
      } catch (Exception e) {
        LOG.warn("event=close_failed part={}", step.name, e);
      }
    }
  }
}
