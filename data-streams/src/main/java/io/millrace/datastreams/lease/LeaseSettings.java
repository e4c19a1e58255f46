package io.millrace.datastreams.lease;

import io.millrace.datastreams.lease.call.LeaseLimits;
import io.millrace.datastreams.stream.Account;

/**
 * Settings of the tables.
 *
 * @param account whose tables these are
 * @param limits of tables, items and expressions
 * @param maxBodyBytes largest request body; default 16 MiB
 */
public record LeaseSettings(Account account, LeaseLimits limits, int maxBodyBytes) {
  /** The documented defaults. */
  public static LeaseSettings defaults(Account account) {
    return new LeaseSettings(account, LeaseLimits.DEFAULTS, 16 << 20);
  }
}
