package io.millrace.ingest.webrtc.dtls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * Who the server is in DTLS: a self-signed ECDSA P-256 certificate, made at each start. Peers trust
 * it by its hash in the session description. Thread-safe.
 */
public final class DtlsIdentity {
  private static final X500Name NAME = new X500Name("CN=millrace");
  private static final Duration BACKDATED = Duration.ofDays(1);
  private static final Duration VALID = Duration.ofDays(3650);
  private static final SignatureAndHashAlgorithm ECDSA_SHA256 =
      SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);

  private final BcTlsCrypto crypto = new BcTlsCrypto();
  private final byte[] certificate;
  private final AsymmetricKeyParameter key;

  private DtlsIdentity(byte[] certificate, AsymmetricKeyParameter key) {
    this.certificate = certificate;
    this.key = key;
  }

  /** A new identity. */
  public static DtlsIdentity make(RandomGenerator random, Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      X509CertificateHolder holder =
          new JcaX509v3CertificateBuilder(
                  NAME,
                  BigInteger.valueOf(random.nextLong(1, Long.MAX_VALUE)),
                  Date.from(now.minus(BACKDATED)),
                  Date.from(now.plus(VALID)),
                  NAME,
                  pair.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
      return new DtlsIdentity(
          holder.getEncoded(), PrivateKeyFactory.createKey(pair.getPrivate().getEncoded()));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("every JDK has ECDSA", e);
    }
  }

  /** For the session description. */
  public Fingerprint fingerprint() {
    return Fingerprint.sha256(certificate);
  }

  /**
   * The cryptography of one handshake.
   *
   * @param maxMessageBytes largest message of it
   */
  BcTlsCrypto crypto(int maxMessageBytes) {
    return new BcTlsCrypto(crypto.getSecureRandom()) {
      @Override
      public TlsCipher createCipher(
          TlsCryptoParameters parameters, int encryptionAlgorithm, int macAlgorithm)
          throws IOException {
        return new SilentCipher(
            super.createCipher(parameters, encryptionAlgorithm, macAlgorithm), maxMessageBytes);
      }
    };
  }

  TlsCredentialedSigner signer(TlsContext context) throws IOException {
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        key,
        new Certificate(new TlsCertificate[] {crypto.createCertificate(certificate)}),
        ECDSA_SHA256);
  }
}
