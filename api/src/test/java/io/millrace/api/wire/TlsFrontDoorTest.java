package io.millrace.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.tls.TlsSettings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsFrontDoorTest {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
  private static final int SETTINGS = 4;

  @TempDir private static Path folder;
  private static TestCertificate certificate;
  private static TestCertificate another;

  private Vertx vertx;
  private FrontDoor door;

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificate = TestCertificate.create(folder, "localhost");
    another = TestCertificate.create(folder, "another");
  }

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    TlsSettings defaults = certificate.settings();
    TlsSettings hasty =
        new TlsSettings(
            0,
            defaults.certificatePem(),
            defaults.keyPem(),
            defaults.handshakeLimit(),
            Duration.ofMillis(500));
    OperationRouter router =
        new OperationRouter(
            vertx,
            RouterSettings.defaults(),
            Authenticator.acceptAll(),
            new ApiMetrics(),
            new SplittableRandom(7));
    router.route(
        HttpMethod.GET,
        "/version",
        context ->
            context
                .response()
                .end(context.request().version() + " secure=" + context.request().isSSL()));
    door =
        OpenDoor.await(FrontDoor.open(vertx, FrontDoorSettings.on("127.0.0.1", 0), hasty, router));
  }

  @AfterEach
  void close() throws Exception {
    OpenDoor.await(vertx.close());
  }

  private int tlsPort() {
    return door.tlsPort().orElseThrow();
  }

  private SSLSocket connect(String... protocols) throws Exception {
    SSLSocket socket =
        (SSLSocket) certificate.trusting().getSocketFactory().createSocket("127.0.0.1", tlsPort());
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static void send(SSLSocket socket, byte[]... pieces) throws Exception {
    for (byte[] piece : pieces) {
      socket.getOutputStream().write(piece);
      socket.getOutputStream().flush();
    }
  }

  private static int firstFrameType(SSLSocket socket) throws IOException {
    return socket.getInputStream().readNBytes(9)[3];
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void speaksHttp2ToAClientThatNegotiatesNothing() throws Exception {
    try (SSLSocket socket = connect()) {
      assertThat(socket.getApplicationProtocol()).isEmpty();
      send(socket, PREFACE, EMPTY_SETTINGS);
      assertThat(firstFrameType(socket)).isEqualTo(SETTINGS);
    }
  }

  @Test
  void recognisesAPrefaceInPieces() throws Exception {
    try (SSLSocket socket = connect()) {
      for (byte piece : PREFACE) {
        // Each write is a TLS record of its own, and so a read of its own.
        send(socket, new byte[] {piece});
      }
      send(socket, EMPTY_SETTINGS);
      assertThat(firstFrameType(socket)).isEqualTo(SETTINGS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /version HTTP/1.1", "PROPFIND /version HTTP/1.1", "PRI"})
  void speaksHttp1ToEveryoneElse(String line) throws Exception {
    try (SSLSocket socket = connect()) {
      send(
          socket,
          ascii(line.substring(0, 1)),
          ascii(line.substring(1) + "\r\nHost: h\r\nConnection: close\r\n\r\n"));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.");
      if (line.startsWith("GET")) {
        assertThat(answer).endsWith("HTTP_1_1 secure=true");
      }
    }
  }

  @Test
  void negotiatesWithThoseWhoDo() throws Exception {
    try (SSLSocket socket = connect("h2")) {
      assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
      send(socket, PREFACE, EMPTY_SETTINGS);
      assertThat(firstFrameType(socket)).isEqualTo(SETTINGS);
    }
    for (HttpClient.Version version : HttpClient.Version.values()) {
      try (HttpClient client =
          HttpClient.newBuilder().sslContext(certificate.trusting()).version(version).build()) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + tlsPort() + "/version"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).isEqualTo(version + " secure=true");
      }
    }
  }

  @Test
  void closesOnAClientThatNeverBegins() throws Exception {
    try (SSLSocket silent = connect();
        SSLSocket half = connect()) {
      send(half, ascii("PRI * HT"));
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      assertThat(half.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void renewsTheCertificateForNewConnections() throws Exception {
    try (SSLSocket before = connect()) {
      OpenDoor.await(door.renew(another.settings()));
      assertThat(subject(before)).isEqualTo("CN=localhost");
      assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
      assertThatThrownBy(
              () ->
                  OpenDoor.await(
                      door.renew(TlsSettings.on(0, Buffer.buffer("no"), Buffer.buffer("no")))))
          .isInstanceOf(Exception.class);
    }
    OpenDoor.await(door.renew(certificate.settings()));
    try (SSLSocket after = connect()) {
      assertThat(subject(after)).isEqualTo("CN=localhost");
    }
  }

  private static String subject(SSLSocket socket) throws Exception {
    X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return shown.getSubjectX500Principal().getName();
  }
}
