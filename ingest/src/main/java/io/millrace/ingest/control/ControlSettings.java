package io.millrace.ingest.control;

import java.util.function.Supplier;

/**
 * What the control plane tells clients about this server.
 *
 * @param region in every ARN; default {@code us-east-1}
 * @param account in every ARN, twelve digits; default {@code 000000000000}
 * @param publicUrl scheme, host and port under which clients reach this server, without a trailing
 *     slash; asked at each call, since the port may be known only after start
 * @param maxStreams most streams; default 10,000
 */
public record ControlSettings(
    String region, String account, Supplier<String> publicUrl, int maxStreams) {

  /** The documented defaults. */
  public static ControlSettings defaults(Supplier<String> publicUrl) {
    return new ControlSettings("us-east-1", "000000000000", publicUrl, 10_000);
  }
}
