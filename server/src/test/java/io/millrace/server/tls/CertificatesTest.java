package io.millrace.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.server.config.HttpsSettings;
import io.millrace.server.config.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
  private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "::1", "media.example");

  @TempDir private Path folder;

  private DevelopmentAuthority authority(Instant now) {
    return new DevelopmentAuthority(
        folder.resolve("tls"), InstantSource.fixed(now), new SplittableRandom(now.hashCode()));
  }

  @Test
  void makesAnAuthorityAndACertificateOnce() throws Exception {
    DevelopmentAuthority authority = authority(NOW);
    PemFiles made = authority.certificateFor(HOSTS);
    X509Certificate server = made.certificate();
    server.checkValidity(Date.from(NOW));
    assertThat(server.getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .containsExactlyInAnyOrder("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "media.example");
    assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    PemFiles trusted = PemFiles.read(authority.trustFile(), folder.resolve("tls/ca.key"));
    server.verify(trusted.certificate().getPublicKey());
    assertThat(trusted.certificate().getBasicConstraints()).isZero();
    for (String key : Set.of("ca.key", "server.key")) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve("tls").resolve(key))))
          .isEqualTo("rw-------");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(authority.trustFile())))
        .isEqualTo("rw-r--r--");
    assertThat(authority(NOW).certificateFor(HOSTS).certificate()).isEqualTo(server);
  }

  @Test
  void replacesACertificateThatEndsSoonOrLacksAName() {
    X509Certificate first = authority(NOW).certificateFor(HOSTS).certificate();
    Instant edge = first.getNotAfter().toInstant().minus(Duration.ofDays(30));
    assertThat(authority(edge.minusSeconds(1)).certificateFor(HOSTS).certificate())
        .isEqualTo(first);
    X509Certificate renewed = authority(edge).certificateFor(HOSTS).certificate();
    assertThat(renewed).isNotEqualTo(first);
    assertThat(renewed.getIssuerX500Principal()).isEqualTo(first.getIssuerX500Principal());
    X509Certificate named = authority(edge).certificateFor(Set.of("other")).certificate();
    assertThat(named).isNotEqualTo(renewed);
  }

  @Test
  void replacesAnAuthorityThatEndsSoon() throws Exception {
    DevelopmentAuthority authority = authority(NOW);
    authority.certificateFor(HOSTS);
    String before = Files.readString(authority.trustFile());
    authority(NOW.plus(Duration.ofDays(3640))).certificateFor(HOSTS);
    assertThat(Files.readString(authority.trustFile())).isNotEqualTo(before);
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    authority(NOW).certificateFor(HOSTS);
    Path certificate = folder.resolve("tls/server.pem");
    Path key = folder.resolve("tls/server.key");
    Path text = Files.writeString(folder.resolve("text"), "hello");
    refused(folder.resolve("none"), key, "there is no file", "none");
    refused(text, key, "text", "certificate in PEM");
    refused(certificate, text, "text", "no private key in PEM");
    refused(certificate, folder.resolve("tls/ca.key"), "is not the one of the certificate");
    Path broken =
        Files.writeString(
            folder.resolve("broken"), Files.readString(key).replaceAll("\nM[^\n]{20}", "\nMAAA"));
    refused(certificate, broken, "broken", "private key");
    Path encrypted =
        Files.writeString(
            folder.resolve("locked"),
            PemText.of("ENCRYPTED PRIVATE KEY", new byte[] {0x30, 0x04, 0x30, 0x00, 0x04, 0x00}));
    refused(certificate, encrypted, "locked");
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    Path other =
        Files.writeString(
            folder.resolve("rsa"),
            PemText.of("PRIVATE KEY", rsa.generateKeyPair().getPrivate().getEncoded()));
    refused(certificate, other, "is not the one of the certificate");
  }

  private static void refused(Path certificate, Path key, String... words) {
    assertThatThrownBy(() -> PemFiles.read(certificate, key))
        .isInstanceOf(StartFailure.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void noticesRenewedFiles() throws Exception {
    authority(NOW).certificateFor(HOSTS);
    Path certificate = folder.resolve("tls/server.pem");
    Path key = folder.resolve("tls/server.key");
    HttpsSettings settings =
        new HttpsSettings(OptionalInt.of(0), certificate, key, Duration.ofMinutes(1));
    Certificates certificates =
        new Certificates(
            settings,
            folder.resolve("unused"),
            "",
            InstantSource.fixed(NOW),
            new SplittableRandom(1));
    certificates.listener();
    assertThat(certificates.changed()).isEmpty();
    authority(NOW).certificateFor(Set.of("renewed"));
    assertThat(certificates.changed()).isPresent();
    assertThat(certificates.changed()).isEmpty();
    assertThat(certificates.trustFile()).isEmpty();
    assertThat(folder.resolve("unused")).doesNotExist();
  }
}
