package io.millrace.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.api.tls.TlsSettings;
import io.millrace.server.config.StartFailure;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * A certificate chain and its private key from PEM files, checked to be what they should be and to
 * belong together.
 *
 * @param certificate the first certificate of the chain: the server's own
 * @param chainPem the whole file
 * @param key the private key
 */
public record PemFiles(X509Certificate certificate, Buffer chainPem, PrivateKey key) {

  /**
   * Reads both files.
   *
   * @throws StartFailure that names the file and says what is wrong with it
   */
  public static PemFiles read(Path certificateFile, Path keyFile) {
    byte[] chain = bytes(certificateFile);
    X509Certificate certificate = firstCertificate(certificateFile, chain);
    PrivateKey key = privateKey(keyFile, bytes(keyFile));
    if (!belong(key, certificate.getPublicKey())) {
      throw new StartFailure(
          "the key in %s is not the one of the certificate in %s"
              .formatted(keyFile, certificateFile));
    }
    return new PemFiles(certificate, Buffer.buffer(chain), key);
  }

  /** The listener that shows this certificate. */
  public TlsSettings listener(int port) {
    return TlsSettings.on(
        port, chainPem, Buffer.buffer(PemText.of("PRIVATE KEY", key.getEncoded())));
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new StartFailure("there is no file " + file, e);
    } catch (IOException e) {
      throw new StartFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static X509Certificate firstCertificate(Path file, byte[] pem) {
    try {
      Collection<? extends java.security.cert.Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (!chain.isEmpty()) {
        return (X509Certificate) chain.iterator().next();
      }
    } catch (CertificateException e) {
      throw new StartFailure(file + " is not a certificate in PEM: " + e.getMessage(), e);
    }
    throw new StartFailure(file + " holds no certificate in PEM");
  }

  private static PrivateKey privateKey(Path file, byte[] pem) {
    try (PEMParser parser = new PEMParser(new StringReader(new String(pem, US_ASCII)))) {
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        switch (part) {
          case PrivateKeyInfo info -> {
            return new JcaPEMKeyConverter().getPrivateKey(info);
          }
          case PEMKeyPair pair -> {
            return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
          }
          case PEMEncryptedKeyPair encrypted -> throw encrypted(file);
          case PKCS8EncryptedPrivateKeyInfo encrypted -> throw encrypted(file);
          default -> {
            // Parameters of a curve, or a certificate in the same file.
          }
        }
      }
    } catch (PEMException | IllegalStateException | IllegalArgumentException e) {
      // The decoder below the parser fails unchecked.
      throw new StartFailure(file + " is not a private key in PEM: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StartFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
    throw new StartFailure(file + " holds no private key in PEM");
  }

  private static StartFailure encrypted(Path file) {
    return new StartFailure(
        "the private key in " + file + " is encrypted; give one without a passphrase");
  }

  private static boolean belong(PrivateKey key, PublicKey publicKey) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    byte[] text = {1, 2, 3};
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(text);
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(publicKey);
      verifying.update(text);
      return verifying.verify(signing.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
