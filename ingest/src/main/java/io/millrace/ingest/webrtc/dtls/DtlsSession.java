package io.millrace.ingest.webrtc.dtls;

import io.millrace.ingest.webrtc.srtp.SrtpKeys;
import io.vertx.core.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DTLS with one peer: the handshake, and afterwards whatever records still come, on a thread of its
 * own. The other side must prove the certificate of its session description. Its methods are for
 * the peer's event loop.
 */
public final class DtlsSession {
  private static final Logger LOG = LoggerFactory.getLogger(DtlsSession.class);
  private static final int FIRST_CONTENT_TYPE = 20;
  private static final int LAST_CONTENT_TYPE = 63;
  private static final int RECORD_HEADER_BYTES = 13;

  /** Sends a datagram; on the handshake's thread. */
  @FunctionalInterface
  public interface RecordSender {
    /**
     * @param record taken
     */
    void send(byte[] record);
  }

  /** What becomes of it, on the peer's event loop. */
  public interface Listener {
    /** The handshake is done. */
    void keys(SrtpKeys receive, SrtpKeys send);

    /**
     * It failed, or the other side closed it.
     *
     * @param reason in words for the peer's owner
     */
    void ended(String reason);
  }

  private final boolean client;
  private final DtlsIdentity identity;
  private final List<Fingerprint> expected;
  private final Handshakes handshakes;
  private final Context context;
  private final Listener listener;
  private final RecordQueue records;
  private @Nullable InetAddress remote;
  private volatile boolean closed;
  private volatile @Nullable DTLSTransport established;

  /**
   * @param client whether we begin the handshake
   * @param expected hashes of the other side's certificate, of which one must match
   */
  public DtlsSession(
      boolean client,
      DtlsIdentity identity,
      List<Fingerprint> expected,
      Handshakes handshakes,
      Context context,
      RecordSender sender,
      Listener listener) {
    this.client = client;
    this.identity = identity;
    this.expected = List.copyOf(expected);
    this.handshakes = handshakes;
    this.context = context;
    this.listener = listener;
    records = new RecordQueue(handshakes.settings(), sender);
  }

  /** Whether a datagram can only be DTLS, among all that share the port (RFC 7983). */
  public static boolean isDtls(byte[] packet) {
    return packet.length > RECORD_HEADER_BYTES
        && packet[0] >= FIRST_CONTENT_TYPE
        && packet[0] <= LAST_CONTENT_TYPE;
  }

  /**
   * Begins, once there is a way to the other side; does nothing the second time.
   *
   * @param from where the other side is
   */
  public void start(InetAddress from) {
    if (remote == null && !closed) {
      remote = from;
      handshakes.start(() -> run(from));
    }
  }

  /**
   * A datagram came.
   *
   * @param datagram taken
   */
  public void packet(byte[] datagram) {
    if (!closed) {
      records.offer(datagram);
    }
  }

  private void run(InetAddress from) {
    String reason;
    Negotiated negotiated = new Negotiated(expected);
    try {
      DTLSTransport transport = handshake(from, negotiated);
      if (transport == null) {
        reason = "the server has too many handshakes to do";
      } else {
        listen(transport);
        reason = "the peer closed the connection";
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason = "interrupted";
    } catch (IOException | RuntimeException e) {
      // The library throws unchecked exceptions for some records that nobody should send.
      LOG.debug("event=dtls_ended message=\"{}\"", e.getMessage());
      if (!closed && established != null && !negotiated.saidGoodbye()) {
        // Nobody who has the keys made it so: media go on, and ICE tells when the peer is gone.
        LOG.info("event=dtls_broken remote={} message=\"{}\"", from, e.toString());
        return;
      }
      reason =
          established == null
              ? "the DTLS handshake failed: " + e.getMessage()
              : "the peer closed the connection";
    }
    String told = reason;
    if (!closed) {
      context.runOnContext(unused -> listener.ended(told));
    }
  }

  private @Nullable DTLSTransport handshake(InetAddress from, Negotiated negotiated)
      throws IOException, InterruptedException {
    if (!handshakes.enter(from)) {
      return null;
    }
    try {
      DtlsSettings settings = handshakes.settings();
      DTLSTransport transport =
          client
              ? new DTLSClientProtocol()
                  .connect(new HandshakeClient(identity, settings, negotiated), records)
              : new DTLSServerProtocol()
                  .accept(new HandshakeServer(identity, settings, negotiated), records);
      records.mayAlert(false);
      established = transport;
      SrtpKeys receive = negotiated.keys(!client);
      SrtpKeys send = negotiated.keys(client);
      context.runOnContext(
          unused -> {
            if (!closed) {
              listener.keys(receive, send);
            }
          });
      return transport;
    } finally {
      handshakes.leave(from);
    }
  }

  /** Flights that got lost are sent again, alerts are heeded, data is of no interest. */
  private void listen(DTLSTransport transport) throws IOException {
    byte[] data = new byte[transport.getReceiveLimit()];
    while (!closed) {
      transport.receive(data, 0, data.length, 0);
    }
  }

  /** Ends it; tells the other side where the handshake was done. */
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    DTLSTransport transport = established;
    if (transport == null) {
      records.close();
      return;
    }
    handshakes.start(
        () -> {
          try {
            records.mayAlert(true);
            transport.close();
          } catch (IOException e) {
            LOG.debug("event=dtls_close_failed message=\"{}\"", e.getMessage());
          } finally {
            records.close();
          }
        });
  }
}
