package io.millrace.ingest.source.libav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.feed.FeedListener;
import io.millrace.ingest.feed.FeedOrigin;
import io.millrace.ingest.feed.Feeds;
import io.millrace.ingest.source.Puller;
import io.millrace.ingest.source.Source;
import io.millrace.ingest.source.SourceUnusable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is opened for which source; the workers here are programs of the system that say nothing.
 */
class LibavPullerTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<Process> started = new CopyOnWriteArrayList<>();

  /** No frame comes from these workers, so no feed is opened. */
  private static final class NoFeeds implements Feeds {
    @Override
    public Future<Feed> open(
        Context context, String stream, FeedOrigin origin, String peer, FeedListener listener) {
      return Future.failedFuture(new IllegalStateException("a feed was opened"));
    }
  }

  @AfterEach
  void close() {
    started.forEach(Process::destroyForcibly);
    vertx.close();
  }

  private static LibavSettings settings(int maxWorkers, String host, boolean open) {
    return new LibavSettings(
        maxWorkers,
        64 << 20,
        1 << 20,
        1 << 20,
        Duration.ofSeconds(60),
        Duration.ofMinutes(5),
        Duration.ofSeconds(1),
        false,
        host,
        open);
  }

  private static Source source(String url, String username, String password) {
    return new Source(
        "s",
        url,
        Optional.ofNullable(username),
        Optional.ofNullable(password),
        "s",
        Source.Transport.AUTO,
        true);
  }

  private LibavPuller puller(int maxWorkers, String... program) {
    return new LibavPuller(
        new NoFeeds(),
        settings(maxWorkers, "127.0.0.1", false),
        (main, heapBytes) -> {
          Process process = new ProcessBuilder(program).start();
          started.add(process);
          return process;
        },
        Thread::new,
        InstantSource.system());
  }

  @Test
  void thereIsAMostOfProcesses() {
    LibavPuller puller = puller(1, "sleep", "60");
    Source source = source("http://127.0.0.1/", null, null);
    Puller.Pull first = puller.pull(vertx.getOrCreateContext(), source);
    await().until(() -> started.size() == 1);
    assertThat(first.awaitsPeer()).isTrue();
    Puller.Pull second = puller.pull(vertx.getOrCreateContext(), source);
    await().until(() -> second.ended().isComplete());
    assertThat(second.ended().result()).contains("most processes", "1");
    first.close(Feed.End.SOURCE_ENDED);
    await().until(() -> first.ended().isComplete());
    assertThat(started.getFirst().isAlive()).isFalse();
    await()
        .until(
            () -> {
              Puller.Pull third = puller.pull(vertx.getOrCreateContext(), source);
              await().until(() -> started.size() == 2 || third.ended().isComplete());
              return started.size() == 2;
            });
  }

  @Test
  void aWorkerThatTalksNonsenseEndsItsPullOnly() {
    Puller.Pull pull =
        puller(1, "sh", "-c", "head -c 30 >/dev/null; echo nonsense")
            .pull(vertx.getOrCreateContext(), source("http://127.0.0.1/", null, null));
    await().until(() -> pull.ended().isComplete());
    assertThat(pull.ended().result()).contains("ended");
  }

  @Test
  void credentialsGoIntoTheOrder() throws Exception {
    LibavSettings settings = settings(1, "127.0.0.1", false);
    LibavAddress camera =
        LibavAddress.of(source("http://cam/video", "admin", "p@ss word"), settings);
    assertThat(camera.order().url()).isEqualTo("http://admin:p%40ss%20word@cam/video");
    assertThat(camera.order().paced()).isTrue();
    assertThat(camera.listens()).isFalse();
    assertThat(camera.order().options())
        .containsEntry("protocol_whitelist", "http,https,tcp,tls,crypto");
    LibavAddress srt = LibavAddress.of(source("srt://:9000", null, "ten-letters"), settings);
    assertThat(srt.order().url())
        .isEqualTo("srt://127.0.0.1:9000?mode=listener&passphrase=ten-letters");
    assertThat(srt.listens()).isTrue();
    LibavAddress calling = LibavAddress.of(source("srt://peer:9000", null, null), settings);
    assertThat(calling.order().url()).isEqualTo("srt://peer:9000");
    assertThat(calling.listens()).isFalse();
    LibavAddress rtmp =
        LibavAddress.of(source("rtmp://:1935/live/key", null, null), settings(1, "::1", false));
    assertThat(rtmp.order().url()).isEqualTo("rtmp://[::1]:1935/live/key");
    assertThat(rtmp.order().options()).containsEntry("listen", "1");
    assertThat(rtmp.order().paced()).isFalse();
  }

  @Test
  void listenersOpenToTheNetworkNeedAPassphraseOrALeave() throws Exception {
    Source open = source("rtmp://0.0.0.0:1935/live/key", null, null);
    assertThatThrownBy(() -> LibavAddress.of(open, settings(1, "127.0.0.1", false)))
        .isInstanceOf(SourceUnusable.class)
        .hasMessageContaining("--insecure");
    assertThat(LibavAddress.of(open, settings(1, "127.0.0.1", true)).listens()).isTrue();
    Source guarded = source("srt://0.0.0.0:9000", null, "ten-letters");
    assertThat(LibavAddress.of(guarded, settings(1, "127.0.0.1", false)).listens()).isTrue();
  }

  @Test
  void onlyKnownSchemesArePulled() {
    LibavPuller puller = puller(1, "true");
    for (String scheme : List.of("http", "https", "srt", "rtmp")) {
      assertThat(puller.pulls(scheme)).isTrue();
    }
    for (String scheme : List.of("file", "concat", "rtsp", "udp", "pipe", "data")) {
      assertThat(puller.pulls(scheme)).isFalse();
    }
  }
}
