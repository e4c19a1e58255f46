package io.millrace.ingest.source.libav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.millrace.api.error.AwsError;
import io.millrace.ingest.source.ProbeReport;
import io.millrace.ingest.source.Source;
import io.millrace.ingest.source.SourceUnusable;
import io.millrace.media.codec.Codec;
import io.millrace.tests.fixtures.GoldenDump;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source over https whose certificate nobody vouches for, read by a real worker. */
class SelfSignedTest {
  private static final String PASSWORD = "changeit";

  @TempDir static Path folder;
  private static Vertx vertx;
  private static HttpsServer web;

  @BeforeAll
  static void open() throws Exception {
    vertx = Vertx.vertx();
    try (InputStream clip = GoldenDump.class.getResourceAsStream("h264-opus.mkv")) {
      Files.copy(clip, folder.resolve("clip.mkv"));
    }
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys().getKeyManagers(), null, null);
    web = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    web.setHttpsConfigurator(new HttpsConfigurator(tls));
    web.createContext("/", SimpleFileServer.createFileHandler(folder.toAbsolutePath()));
    web.start();
  }

  @AfterAll
  static void close() {
    web.stop(0);
    vertx.close();
  }

  private static KeyManagerFactory keys() throws Exception {
    Path file = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).as(folder.resolve("keytool.log").toString()).isZero();
    KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD.toCharArray());
    return factory;
  }

  private static Process worker(Class<?> main, long heapBytes) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heapBytes,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.bytedeco.javacpp.cachedir=" + Path.of("target/native").toAbsolutePath(),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static ProbeReport probe(boolean trustAll) throws Exception {
    LibavSettings settings =
        new LibavSettings(
            1,
            96 << 20,
            1 << 20,
            1 << 20,
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofSeconds(2),
            trustAll,
            "127.0.0.1",
            false);
    Source source =
        new Source(
            "s",
            "https://127.0.0.1:%d/clip.mkv".formatted(web.getAddress().getPort()),
            Optional.empty(),
            Optional.empty(),
            "s",
            Source.Transport.AUTO,
            true);
    return new LibavPuller(
            (context, stream, origin, peer, listener) -> {
              throw AwsError.INTERNAL_FAILURE.because("a probe stores nothing");
            },
            settings,
            SelfSignedTest::worker,
            Thread::new,
            InstantSource.system())
        .probe(vertx.getOrCreateContext(), source)
        .toCompletionStage()
        .toCompletableFuture()
        .get(40, TimeUnit.SECONDS);
  }

  @Test
  void itIsRefusedAndSaysWhy() {
    assertThatThrownBy(() -> probe(false))
        .cause()
        .isInstanceOf(SourceUnusable.class)
        .hasMessageContaining("certificate verify failed");
  }

  @Test
  void itIsTakenWhereAllCertificatesAre() throws Exception {
    assertThat(probe(true).tracks())
        .extracting(ProbeReport.ProbedTrack::codec)
        .isEqualTo(List.of(Codec.H264.name(), Codec.OPUS.name()));
  }
}
