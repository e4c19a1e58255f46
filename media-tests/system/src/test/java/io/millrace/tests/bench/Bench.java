package io.millrace.tests.bench;

/** One benchmark. */
interface Bench {
  /** What it measures, against what. */
  String purpose();

  /** Runs and prints its table as Markdown. */
  void run(Table table) throws Exception;
}
