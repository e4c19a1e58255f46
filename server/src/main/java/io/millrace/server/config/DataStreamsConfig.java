package io.millrace.server.config;

import io.millrace.datastreams.DataStreamsSettings;
import io.millrace.datastreams.InitialStreams;
import io.millrace.datastreams.capacity.CapacitySettings;
import io.millrace.datastreams.control.ControlSettings;
import io.millrace.datastreams.fanout.FanOutSettings;
import io.millrace.datastreams.put.PutSettings;
import io.millrace.datastreams.read.ReadSettings;
import io.millrace.datastreams.scaling.ScalingSettings;
import io.millrace.datastreams.stream.Account;
import java.util.Map;

/**
 * The {@code data-streams} section.
 *
 * @param room settings of the room
 * @param initialStreams streams made at start: shards by name
 */
public record DataStreamsConfig(DataStreamsSettings room, Map<String, Integer> initialStreams) {
  private static final int MAX = Integer.MAX_VALUE;
  private static final double PERCENT = 100.0;

  /** Reads the section. */
  public static DataStreamsConfig read(Settings settings) {
    CapacitySettings capacity = capacity(settings);
    ControlSettings control = control(settings);
    boolean unlimited =
        switch (settings.text("data-streams.limits")) {
          case "aws" -> false;
          case "unlimited" -> true;
          default ->
              throw new InvalidSetting(
                  "setting 'data-streams.limits' is '"
                      + settings.text("data-streams.limits")
                      + "', but must be aws or unlimited");
        };
    DataStreamsSettings room =
        new DataStreamsSettings(
            new Account(settings.text("account"), settings.text("region")),
            unlimited ? CapacitySettings.UNLIMITED : capacity,
            unlimited ? ControlSettings.unlimited(control.onDemandShards()) : control,
            new PutSettings(
                settings.intBytes("data-streams.max-put-records"),
                settings.duration("data-streams.busy-timeout")),
            new ReadSettings(
                settings.intBytes("data-streams.max-get-records"),
                settings.duration("data-streams.iterator-life")),
            fanOut(settings),
            scaling(settings),
            settings.intBytes("data-streams.max-body"),
            settings.flag("data-streams.faults"));
    return new DataStreamsConfig(room, initialStreams(settings));
  }

  private static CapacitySettings capacity(Settings settings) {
    return new CapacitySettings(
        settings.bytes("data-streams.shard-write"),
        settings.number("data-streams.shard-write-records", 0, MAX),
        settings.bytes("data-streams.shard-read"),
        settings.number("data-streams.shard-read-calls", 0, MAX),
        settings.bytes("data-streams.subscription"),
        settings.number("data-streams.shard-iterator-calls", 0, MAX),
        settings.flag("data-streams.call-rates"));
  }

  private static ControlSettings control(Settings settings) {
    return new ControlSettings(
        settings.number("data-streams.max-shards", 0, MAX),
        settings.number("data-streams.max-on-demand-streams", 0, MAX),
        settings.number("data-streams.max-consumers", 0, 10_000),
        settings.number("data-streams.max-tags", 0, 1000),
        settings.number("data-streams.reshapes-per-day", 0, MAX),
        settings.number("data-streams.mode-changes-per-day", 0, MAX),
        settings.number("data-streams.encryption-changes-per-day", 0, MAX),
        settings.number("data-streams.on-demand-shards", 1, 10_000),
        settings.intBytes("data-streams.max-policy"));
  }

  private static FanOutSettings fanOut(Settings settings) {
    return new FanOutSettings(
        settings.number("data-streams.event-records", 1, 100_000),
        settings.intBytes("data-streams.event-bytes"),
        settings.duration("data-streams.event-interval"),
        settings.duration("data-streams.subscription-life"),
        settings.duration("data-streams.take-over-after"));
  }

  private static ScalingSettings scaling(Settings settings) {
    return new ScalingSettings(
        settings.duration("data-streams.scaling-interval"),
        settings.bytes("data-streams.scaling-shard-bytes"),
        settings.number("data-streams.scaling-shard-records", 1, MAX),
        settings.number("data-streams.scaling-headroom-percent", 100, 10_000) / PERCENT,
        settings.number("data-streams.scaling-hot-shard-percent", 1, 10_000) / PERCENT,
        settings.number("data-streams.on-demand-shards", 1, 10_000),
        settings.number("data-streams.scaling-max-shards", 1, 65_000),
        settings.duration("data-streams.scale-down-after"));
  }

  private static Map<String, Integer> initialStreams(Settings settings) {
    try {
      return InitialStreams.parse(settings.text("data-streams.initialize"));
    } catch (IllegalArgumentException e) {
      throw new InvalidSetting("setting 'data-streams.initialize': " + e.getMessage());
    }
  }
}
