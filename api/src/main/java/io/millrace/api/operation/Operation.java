package io.millrace.api.operation;

/**
 * One row of the operation table.
 *
 * @param service service it belongs to
 * @param name operation name, such as {@code CreateStream}; unique within the service only
 * @param method HTTP method
 * @param path exact, case-sensitive path; {@code /} where a target names the operation
 * @param status whether this server answers it
 * @param targetPrefix what {@code X-Amz-Target} has before the dot, such as {@code
 *     Kinesis_20131202}; empty where method and path name the operation
 */
public record Operation(
    AwsService service,
    String name,
    String method,
    String path,
    Status status,
    String targetPrefix) {

  /** How far we are with an operation. */
  public enum Status {
    /** Answered as the service does. */
    SERVED,
    /** Known, and refused with an unknown-operation error that says so. */
    PLANNED
  }

  /** Whether {@code X-Amz-Target} names it. */
  public boolean isTargeted() {
    return !targetPrefix.isEmpty();
  }

  /** The value of {@code X-Amz-Target} that names it. */
  public String target() {
    return targetPrefix + "." + name;
  }

  /** Name in policies, metrics and log lines: {@code kinesis:PutRecord}. */
  public String action() {
    return service.actionPrefix() + ":" + name;
  }
}
