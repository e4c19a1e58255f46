package io.millrace.api.operation;

/**
 * One row of the operation table.
 *
 * @param service service of the AWS model, such as {@code kinesisvideo}
 * @param name operation name, such as {@code CreateStream}
 * @param method HTTP method
 * @param path exact, case-sensitive path
 * @param status whether this server answers it
 */
public record Operation(String service, String name, String method, String path, Status status) {

  /** How far we are with an operation. */
  public enum Status {
    /** Answered as the service does. */
    SERVED,
    /** Known, and refused with an unknown-operation error that says so. */
    PLANNED
  }
}
