package io.millrace.datastreams;

import io.millrace.api.wire.OperationRouter;
import io.millrace.api.wire.ServiceRoutes;
import io.millrace.datastreams.admin.AdminRoutes;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.capacity.CallRates;
import io.millrace.datastreams.control.AccountCalls;
import io.millrace.datastreams.control.ChannelCalls;
import io.millrace.datastreams.control.ConsumerCalls;
import io.millrace.datastreams.control.MonitoringCalls;
import io.millrace.datastreams.control.OptionCalls;
import io.millrace.datastreams.control.PolicyCalls;
import io.millrace.datastreams.control.ShardCalls;
import io.millrace.datastreams.control.ShardList;
import io.millrace.datastreams.control.StreamCalls;
import io.millrace.datastreams.control.TagCalls;
import io.millrace.datastreams.fanout.FanOutCalls;
import io.millrace.datastreams.fault.FaultPlan;
import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.put.PutCalls;
import io.millrace.datastreams.read.IteratorTokens;
import io.millrace.datastreams.read.ReadCalls;
import io.millrace.datastreams.scaling.StreamScaler;
import io.millrace.datastreams.stream.StreamDirectory;
import io.millrace.datastreams.stream.StreamFinder;
import io.millrace.store.Stages;
import io.millrace.store.shard.LogEngine;
import io.millrace.store.table.Table;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The door of the room: Kinesis Data Streams on the logs of a store. */
public final class DataStreams {
  private static final String SECRET = "iterator-secret";

  private final DataStreamsSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final StreamDirectory directory;
  private final StreamFinder finder;
  private final StreamScaler scaler;
  private final FanOutCalls fanOut;
  private final IteratorTokens tokens;

  /**
   * Opens all streams; waits for the disk.
   *
   * @param engine holds the records
   * @param table remembers the streams
   * @param clock server time
   * @param random makes the secret of shard iterators: must be secure
   */
  public DataStreams(
      LogEngine engine,
      Table table,
      DataStreamsSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.directory =
        StreamDirectory.open(engine, table, settings.account(), settings.capacity(), clock);
    this.finder = new StreamFinder(directory, settings.account());
    this.scaler = new StreamScaler(directory, settings.scaling(), clock);
    this.fanOut = new FanOutCalls(finder, settings.fanOut(), settings.capacity(), clock);
    this.tokens = new IteratorTokens(secret(), settings.read().iteratorLife(), clock);
  }

  private byte[] secret() {
    Optional<String> known = directory.note(SECRET);
    if (known.isPresent()) {
      return Base64.getDecoder().decode(known.get());
    }
    byte[] secret = new byte[IteratorTokens.SECRET_BYTES];
    random.nextBytes(secret);
    Stages.await(directory.note(SECRET, Base64.getEncoder().encodeToString(secret)));
    return secret;
  }

  /** Registers every call of the service and our own routes. */
  public void register(OperationRouter router) {
    ServiceRoutes routes = router.service("kinesis").maxBodyBytes(settings.maxBodyBytes());
    FaultPlan faults = new FaultPlan(settings.faults(), random);
    Calls calls =
        new Calls(
            routes, new CallRates(settings.capacity().controlCalls(), System::nanoTime), faults);
    new StreamCalls(directory, finder, settings.control(), clock).register(calls);
    new ShardList(directory, finder, clock).register(calls);
    new ShardCalls(directory, finder, settings.control(), clock).register(calls);
    new OptionCalls(directory, finder, settings.control(), clock).register(calls);
    new MonitoringCalls(directory, finder).register(calls);
    new TagCalls(directory, finder, settings.control()).register(calls);
    new ConsumerCalls(directory, finder, settings.control(), clock).register(calls);
    new PolicyCalls(directory, finder, settings.control()).register(calls);
    new AccountCalls(directory, settings.account(), settings.control(), clock).register(calls);
    new ChannelCalls().register(calls);
    new PutCalls(finder, settings.put(), faults, clock).register(calls);
    new ReadCalls(directory, finder, settings.read(), tokens, clock).register(calls);
    fanOut.register(calls);
    new AdminRoutes(directory, finder, faults).register(router);
  }

  /** Makes the streams of a list that are not there yet; waits until they are durable. */
  public void initialize(Map<String, Integer> shardsByName) {
    for (DataStream stream : InitialStreams.of(shardsByName, clock.millis())) {
      if (directory.find(stream.name()).isEmpty()) {
        Stages.await(directory.create(stream));
      }
    }
  }

  /** The streams, for metrics. */
  public StreamDirectory directory() {
    return directory;
  }

  /** What scales streams; call its {@code run} every {@code scaling.interval}. */
  public StreamScaler scaler() {
    return scaler;
  }

  /** Subscriptions that are open. */
  public int openSubscriptions() {
    return fanOut.open();
  }

  /** Forgets shards whose records all passed retention; call it every few minutes. */
  public void sweep() {
    directory.expireShards();
  }

  /** Ends subscriptions, so that the server can stop; clients go on from where they ended. */
  public void drain() {
    fanOut.drain();
  }
}
