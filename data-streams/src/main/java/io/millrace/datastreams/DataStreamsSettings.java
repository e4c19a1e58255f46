package io.millrace.datastreams;

import io.millrace.datastreams.capacity.CapacitySettings;
import io.millrace.datastreams.control.ControlSettings;
import io.millrace.datastreams.fanout.FanOutSettings;
import io.millrace.datastreams.put.PutSettings;
import io.millrace.datastreams.read.ReadSettings;
import io.millrace.datastreams.scaling.ScalingSettings;
import io.millrace.datastreams.stream.Account;

/**
 * Settings of the room.
 *
 * @param account whose streams these are
 * @param capacity limits of shards
 * @param control limits of calls on streams
 * @param put limits of records in
 * @param read limits of polling
 * @param fanOut limits of subscriptions
 * @param scaling how streams scale themselves
 * @param maxBodyBytes largest request body; records travel in base64
 * @param faults whether faults may be injected
 */
public record DataStreamsSettings(
    Account account,
    CapacitySettings capacity,
    ControlSettings control,
    PutSettings put,
    ReadSettings read,
    FanOutSettings fanOut,
    ScalingSettings scaling,
    int maxBodyBytes,
    boolean faults) {
  /** The service's own limits. */
  public static DataStreamsSettings aws(Account account) {
    return new DataStreamsSettings(
        account,
        CapacitySettings.AWS,
        ControlSettings.AWS,
        PutSettings.DEFAULTS,
        ReadSettings.DEFAULTS,
        FanOutSettings.DEFAULTS,
        ScalingSettings.DEFAULTS,
        16 << 20,
        false);
  }
}
