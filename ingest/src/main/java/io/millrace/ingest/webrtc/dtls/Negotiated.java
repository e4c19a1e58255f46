package io.millrace.ingest.webrtc.dtls;

import io.millrace.ingest.webrtc.srtp.SrtpKeys;
import io.millrace.ingest.webrtc.srtp.SrtpProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;

/** What both roles of a handshake check and find. Belongs to the thread of the handshake. */
final class Negotiated {
  private static final String EXPORTER = "EXTRACTOR-dtls_srtp";
  private static final byte[] NO_MKI = new byte[0];

  private final List<Fingerprint> expected;
  private @Nullable SrtpProfile profile;
  private @Nullable SrtpKeys clientKeys;
  private @Nullable SrtpKeys serverKeys;
  private boolean certified;
  private boolean saidGoodbye;

  /**
   * @param expected hashes from the session description, one of which must match
   */
  Negotiated(List<Fingerprint> expected) {
    this.expected = expected;
  }

  static int[] cipherSuites() {
    return new int[] {
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA
    };
  }

  /** Cipher suites of a client, which take the server's RSA certificate as well. */
  static int[] clientCipherSuites() {
    return new int[] {
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
      CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
      CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
      CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
      CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
    };
  }

  /** Adds all profiles to a client's extensions. */
  static void offer(Hashtable<Integer, byte[]> extensions) throws IOException {
    List<SrtpProfile> all = List.of(SrtpProfile.values());
    int[] ids = all.stream().mapToInt(SrtpProfile::id).toArray();
    TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(ids, NO_MKI));
  }

  /** Takes the best of a client's profiles. */
  void choose(@Nullable Hashtable<?, ?> clientExtensions) throws IOException {
    UseSRTPData offered =
        clientExtensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(clientExtensions);
    List<SrtpProfile> theirs = new ArrayList<>();
    if (offered != null) {
      for (int id : offered.getProtectionProfiles()) {
        SrtpProfile.of(id).ifPresent(theirs::add);
      }
    }
    if (theirs.isEmpty()) {
      throw new TlsFatalAlert(AlertDescription.handshake_failure, "no SRTP profile in common");
    }
    profile = theirs.stream().min(Enum::compareTo).orElseThrow();
  }

  /** Tells a client what was chosen. */
  void tell(Hashtable<?, ?> serverExtensions) throws IOException {
    if (profile != null) {
      TlsSRTPUtils.addUseSRTPExtension(
          serverExtensions, new UseSRTPData(new int[] {profile.id()}, NO_MKI));
    }
  }

  /** A server's certificate, or a client's, came: it must be the one that was announced. */
  void certificate(@Nullable Certificate chain) throws IOException {
    if (chain == null || chain.isEmpty()) {
      throw new TlsFatalAlert(AlertDescription.bad_certificate, "the peer has no certificate");
    }
    byte[] leaf = chain.getCertificateEntryAt(0).getCertificate().getEncoded();
    if (expected.stream().noneMatch(each -> each.matches(leaf))) {
      throw new TlsFatalAlert(
          AlertDescription.bad_certificate,
          "the peer's certificate is not the one of its session description");
    }
    certified = true;
  }

  /** An alert came, which was protected if the handshake is done. */
  void alert(short level, short description) {
    saidGoodbye |= level == AlertLevel.fatal || description == AlertDescription.close_notify;
  }

  /** Whether the other side ended the association. */
  boolean saidGoodbye() {
    return saidGoodbye;
  }

  /** The handshake is done: derives the keys. */
  void complete(TlsContext context) throws IOException {
    if (profile == null || !certified) {
      throw new TlsFatalAlert(AlertDescription.handshake_failure, "no keys were negotiated");
    }
    byte[] material = context.exportKeyingMaterial(EXPORTER, null, profile.materialBytes());
    clientKeys = SrtpKeys.of(profile, material, true);
    serverKeys = SrtpKeys.of(profile, material, false);
  }

  SrtpKeys keys(boolean ofClient) {
    SrtpKeys keys = ofClient ? clientKeys : serverKeys;
    if (keys == null) {
      throw new IllegalStateException("the handshake is not done");
    }
    return keys;
  }
}
