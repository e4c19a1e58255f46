package io.millrace.ingest.webrtc.dtls;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsUtils;

/** Our side of a handshake that the peer begins. */
final class HandshakeServer extends DefaultTlsServer {
  private final DtlsIdentity identity;
  private final DtlsSettings settings;
  private final Negotiated negotiated;

  HandshakeServer(DtlsIdentity identity, DtlsSettings settings, Negotiated negotiated) {
    super(identity.crypto(settings.maxMessageBytes()));
    this.identity = identity;
    this.settings = settings;
    this.negotiated = negotiated;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return Negotiated.cipherSuites();
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return (int) settings.handshakeTimeout().toMillis();
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return (int) settings.retransmit().toMillis();
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
    return identity.signer(context);
  }

  @Override
  public CertificateRequest getCertificateRequest() {
    return new CertificateRequest(
        new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
        TlsUtils.getDefaultSupportedSignatureAlgorithms(context),
        null);
  }

  @Override
  @SuppressWarnings("rawtypes") // the library's own signature
  public void processClientExtensions(Hashtable clientExtensions) throws IOException {
    super.processClientExtensions(clientExtensions);
    negotiated.choose(clientExtensions);
  }

  @Override
  @SuppressWarnings("rawtypes") // the library's own signature
  public Hashtable getServerExtensions() throws IOException {
    Hashtable extensions = super.getServerExtensions();
    negotiated.tell(extensions);
    return extensions;
  }

  @Override
  public void notifyClientCertificate(Certificate chain) throws IOException {
    negotiated.certificate(chain);
  }

  @Override
  public void notifyAlertReceived(short alertLevel, short alertDescription) {
    super.notifyAlertReceived(alertLevel, alertDescription);
    negotiated.alert(alertLevel, alertDescription);
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    negotiated.complete(context);
  }

  @Override
  public int getSelectedCipherSuite() throws IOException {
    int suite = super.getSelectedCipherSuite();
    if (suite < 0) {
      throw new TlsFatalAlert(AlertDescription.handshake_failure);
    }
    return suite;
  }
}
