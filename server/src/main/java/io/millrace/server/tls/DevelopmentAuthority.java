package io.millrace.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.server.config.StartFailure;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of this server alone, for machines whose operator gave none: made once,
 * kept in a folder, and asked for a server certificate whenever there is none that still holds.
 * Clients trust {@code ca.pem} of that folder. Only the owner may read the keys.
 */
public final class DevelopmentAuthority {
  private static final X500Name AUTHORITY = new X500Name("CN=Millrace development authority");
  private static final X500Name SERVER = new X500Name("CN=millrace");
  private static final Duration AUTHORITY_VALID = Duration.ofDays(3650);
  private static final Duration SERVER_VALID = Duration.ofDays(397);

  /** A certificate that ends sooner than this is replaced. */
  private static final Duration RENEWAL = Duration.ofDays(30);

  /** Clocks of clients may be behind. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final String PUBLIC = "rw-r--r--";

  private final Path folder;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * @param folder where certificates and keys are kept; made when needed
   */
  public DevelopmentAuthority(Path folder, InstantSource clock, RandomGenerator random) {
    this.folder = folder;
    this.clock = clock;
    this.random = random;
  }

  /** The file with the certificate that clients should trust. */
  public Path trustFile() {
    return folder.resolve("ca.pem");
  }

  /**
   * A server certificate for these names, the kept one where it still holds.
   *
   * @param hosts names and addresses under which clients reach the server
   * @throws StartFailure if the folder cannot be used or what lies there is damaged
   */
  public PemFiles certificateFor(Set<String> hosts) {
    try {
      Files.createDirectories(folder);
      PemFiles authority = authority();
      Path certificateFile = folder.resolve("server.pem");
      Path keyFile = folder.resolve("server.key");
      if (Files.exists(certificateFile) && Files.exists(keyFile)) {
        PemFiles kept = PemFiles.read(certificateFile, keyFile);
        if (holds(kept.certificate(), authority.certificate(), hosts)) {
          return kept;
        }
      }
      KeyPair pair = keyPair();
      X509Certificate issued = issue(authority, pair.getPublic(), hosts);
      writeKey(keyFile, pair.getPrivate());
      write(certificateFile, pem(issued) + pem(authority.certificate()), PUBLIC);
      return PemFiles.read(certificateFile, keyFile);
    } catch (IOException e) {
      throw new StartFailure("cannot keep certificates in " + folder + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new StartFailure("cannot make a certificate: " + e.getMessage(), e);
    }
  }

  private PemFiles authority()
      throws IOException, GeneralSecurityException, OperatorCreationException {
    Path keyFile = folder.resolve("ca.key");
    if (Files.exists(trustFile()) && Files.exists(keyFile)) {
      PemFiles kept = PemFiles.read(trustFile(), keyFile);
      if (lasts(kept.certificate())) {
        return kept;
      }
    }
    KeyPair pair = keyPair();
    X509v3CertificateBuilder builder =
        builder(AUTHORITY, AUTHORITY, pair.getPublic(), AUTHORITY_VALID)
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
            .addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
            .addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    writeKey(keyFile, pair.getPrivate());
    write(trustFile(), pem(signed(builder, pair.getPrivate())), PUBLIC);
    return PemFiles.read(trustFile(), keyFile);
  }

  private X509Certificate issue(PemFiles authority, PublicKey key, Set<String> hosts)
      throws CertIOException, GeneralSecurityException, OperatorCreationException {
    GeneralName[] names =
        new TreeSet<>(hosts)
            .stream()
                .map(
                    host ->
                        new GeneralName(
                            isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toArray(GeneralName[]::new);
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    X509v3CertificateBuilder builder =
        builder(AUTHORITY, SERVER, key, SERVER_VALID)
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
            .addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
            .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names))
            .addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions.createAuthorityKeyIdentifier(authority.certificate()));
    return signed(builder, authority.key());
  }

  private X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Duration valid) {
    Instant now = clock.instant();
    // 127 bits and a leading one: positive, unique and never empty.
    BigInteger serial =
        BigInteger.valueOf(random.nextLong() & Long.MAX_VALUE)
            .shiftLeft(64)
            .or(new BigInteger(Long.toUnsignedString(random.nextLong())))
            .setBit(126);
    return new JcaX509v3CertificateBuilder(
        issuer, serial, Date.from(now.minus(BACKDATED)), Date.from(now.plus(valid)), subject, key);
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
  }

  private static KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private boolean lasts(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant().isAfter(clock.instant().plus(RENEWAL));
  }

  private boolean holds(X509Certificate server, X509Certificate authority, Set<String> hosts) {
    try {
      server.verify(authority.getPublicKey());
      return lasts(server) && namesOf(server).containsAll(normal(hosts));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Set<String> namesOf(X509Certificate certificate)
      throws CertificateParsingException {
    Set<String> names = new HashSet<>();
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null) {
      alternatives.forEach(name -> names.add(String.valueOf(name.get(1))));
    }
    return normal(names);
  }

  /** Addresses have several spellings; the JDK's is as good as any. */
  private static Set<String> normal(Set<String> hosts) {
    Set<String> normal = new HashSet<>();
    for (String host : hosts) {
      try {
        normal.add(isAddress(host) ? InetAddress.getByName(host).getHostAddress() : host);
      } catch (UnknownHostException e) {
        normal.add(host);
      }
    }
    return normal;
  }

  private static boolean isAddress(String host) {
    return host.contains(":") || host.matches("[0-9.]+");
  }

  private static String pem(X509Certificate certificate) throws CertificateEncodingException {
    return PemText.of("CERTIFICATE", certificate.getEncoded());
  }

  private static void writeKey(Path file, PrivateKey key) throws IOException {
    write(file, PemText.of("PRIVATE KEY", key.getEncoded()), "rw-------");
  }

  /** Writes a file, whole or not at all. */
  private static void write(Path file, String text, String permissions) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    if (Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    }
    Files.write(fresh, text.getBytes(US_ASCII));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
