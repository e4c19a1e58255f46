package io.millrace.server.config;

import io.millrace.datastreams.lease.LeaseSettings;
import io.millrace.datastreams.lease.call.LeaseLimits;
import io.millrace.datastreams.stream.Account;

/** Reads the {@code leases} section. */
public final class LeaseConfig {
  private LeaseConfig() {}

  /** The settings of the tables in which consumers keep leases. */
  public static LeaseSettings read(Settings settings) {
    LeaseLimits defaults = LeaseLimits.DEFAULTS;
    return new LeaseSettings(
        new Account(settings.text("account"), settings.text("region")),
        new LeaseLimits(
            settings.number("leases.max-tables", 1, 1_000_000),
            settings.number("leases.max-items", 1, 100_000_000),
            settings.number("leases.max-indexes", 0, 1000),
            settings.number("leases.max-tags", 0, 1000),
            settings.intBytes("leases.max-item"),
            defaults.maxHashKeyBytes(),
            defaults.maxRangeKeyBytes(),
            settings.intBytes("leases.max-page"),
            settings.intBytes("leases.max-transaction"),
            settings.duration("leases.transaction-token-life"),
            settings.number("leases.max-transaction-tokens", 0, 10_000_000),
            defaults.expressions()),
        settings.intBytes("leases.max-body"));
  }
}
