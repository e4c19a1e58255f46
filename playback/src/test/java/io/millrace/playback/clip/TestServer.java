package io.millrace.playback.clip;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.wire.FrontDoor;
import io.millrace.api.wire.FrontDoorSettings;
import io.millrace.api.wire.OperationRouter;
import io.millrace.api.wire.RouterSettings;
import io.millrace.playback.Playback;
import io.millrace.playback.PlaybackSettings;
import io.millrace.playback.frame.DecoderSettings;
import io.millrace.playback.reading.ReadingSettings;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.NewFragment;
import io.millrace.store.local.Store;
import io.millrace.store.local.StoreSettings;
import io.millrace.store.stream.StreamCatalog.NewStream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.KinesisVideoArchivedMediaClient;
import software.amazon.awssdk.services.kinesisvideomedia.KinesisVideoMediaClient;

/** A real store and a real listener with the operations of this room, at a time tests set. */
public final class TestServer implements AutoCloseable {
  public static final Path NATIVE_CACHE = Path.of("target", "libav").toAbsolutePath();

  private final Path directory;
  private final AtomicLong nowMillis =
      new AtomicLong(Instant.parse("2026-03-01T12:00:00Z").toEpochMilli());
  private final InstantSource clock = () -> Instant.ofEpochMilli(nowMillis.get());
  private final Vertx vertx = Vertx.vertx();
  private final Store store;
  public final Playback playback;
  private final FrontDoor door;
  public final HttpClient http = HttpClient.newHttpClient();

  public TestServer() throws Exception {
    this(settings());
  }

  /** The defaults with a single decoder worker, which starts sooner. */
  public static PlaybackSettings settings() {
    PlaybackSettings all = PlaybackSettings.defaults(NATIVE_CACHE);
    DecoderSettings decoders = all.decoders();
    return new PlaybackSettings(
        all.getMedia(),
        all.hls(),
        all.frames(),
        new DecoderSettings(
            1,
            decoders.threadsPerJob(),
            decoders.queuedJobs(),
            decoders.jobTimeLimit(),
            decoders.startTimeLimit(),
            decoders.jobsPerWorker(),
            decoders.maxHeapBytes(),
            decoders.maxResidentBytes(),
            NATIVE_CACHE),
        all.timeline(),
        ReadingSettings.defaults());
  }

  public TestServer(PlaybackSettings settings) throws Exception {
    directory = Files.createTempDirectory("playback");
    store =
        Store.open(
            StoreSettings.DEFAULTS,
            directory,
            clock,
            new SplittableRandom(5),
            Thread.ofPlatform().name("store-", 0).factory());
    OperationRouter router =
        new OperationRouter(
            vertx,
            RouterSettings.defaults(),
            Authenticator.acceptAll(),
            new ApiMetrics(),
            new SplittableRandom(6));
    playback =
        new Playback(
            vertx,
            store.catalog(),
            settings,
            clock,
            new SplittableRandom(7),
            this::url,
            Thread.ofPlatform().name("frame-decoder-", 0).factory());
    playback.register(router);
    door = await(FrontDoor.open(vertx, FrontDoorSettings.on("127.0.0.1", 0), router));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  public String url() {
    return "http://127.0.0.1:" + door.port();
  }

  public Instant now() {
    return clock.instant();
  }

  public void advance(long millis) {
    nowMillis.addAndGet(millis);
  }

  /** Makes a stream that keeps a day. */
  public FragmentLog create(String name) throws Exception {
    return create(name, 24);
  }

  public FragmentLog create(String name, int retentionHours) throws Exception {
    store
        .catalog()
        .create(
            new NewStream(
                name,
                retentionHours,
                Optional.of("video/h264"),
                Optional.empty(),
                Optional.empty(),
                "HOT",
                Map.of()))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
    return store.catalog().fragments(name);
  }

  public void delete(String name) throws Exception {
    store.catalog().delete(name, null).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Stores fragments in order, at the time the server's clock shows. */
  public static List<FragmentEntry> append(FragmentLog log, List<Clip.Fragment> fragments)
      throws Exception {
    List<FragmentEntry> entries = new ArrayList<>();
    for (Clip.Fragment fragment : fragments) {
      FragmentNumber number = log.nextNumber();
      entries.add(
          log.append(
                  new NewFragment(
                      number,
                      fragment.producerTimeNanos(),
                      fragment.durationNanos(),
                      fragment.formatId(),
                      fragment.flags(),
                      fragment.payload().duplicate()))
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS));
    }
    return entries;
  }

  public KinesisVideoArchivedMediaClient archived() {
    return KinesisVideoArchivedMediaClient.builder()
        .endpointOverride(URI.create(url()))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  public KinesisVideoMediaClient media() {
    return KinesisVideoMediaClient.builder()
        .endpointOverride(URI.create(url()))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  public HttpResponse<byte[]> get(String pathOrUrl) throws IOException, InterruptedException {
    String target = pathOrUrl.startsWith("http") ? pathOrUrl : url() + pathOrUrl;
    return http.send(
        HttpRequest.newBuilder(URI.create(target)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  public String text(String pathOrUrl) throws IOException, InterruptedException {
    return new String(get(pathOrUrl).body(), java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws Exception {
    playback.close();
    await(vertx.close());
    store.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
