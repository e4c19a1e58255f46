package io.millrace.tests.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A client of AWS behind one method. */
public interface ConformanceClient extends AutoCloseable {
  /**
   * Makes one call.
   *
   * @param operation such as {@code PutRecord}
   * @param in the request in the names of the API; blobs as base64, times as epoch seconds
   * @param take for SubscribeToShard: records to wait for, or -1 to wait for the end. Its answer
   *     has {@code Data} of all records, and {@code ContinuationSequenceNumber} and {@code
   *     ChildShards} (ids) of the last event.
   */
  Answer call(String operation, ObjectNode in, int take) throws Exception;

  @Override
  void close();
}
