package io.millrace.ingest.webrtc.dtls;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerCertificate;

/** Our side of a handshake that we begin, where the peer's description says {@code passive}. */
final class HandshakeClient extends DefaultTlsClient {
  private final DtlsIdentity identity;
  private final DtlsSettings settings;
  private final Negotiated negotiated;

  HandshakeClient(DtlsIdentity identity, DtlsSettings settings, Negotiated negotiated) {
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
    return Negotiated.clientCipherSuites();
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
  @SuppressWarnings({"rawtypes", "unchecked"}) // the library's own signature
  public Hashtable getClientExtensions() throws IOException {
    Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
    Negotiated.offer(extensions);
    return extensions;
  }

  @Override
  @SuppressWarnings("rawtypes") // the library's own signature
  public void processServerExtensions(Hashtable serverExtensions) throws IOException {
    super.processServerExtensions(serverExtensions);
    negotiated.choose(serverExtensions);
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate server) throws IOException {
        negotiated.certificate(server.getCertificate());
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        if (request == null) {
          throw new TlsFatalAlert(AlertDescription.handshake_failure);
        }
        return identity.signer(context);
      }
    };
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
}
