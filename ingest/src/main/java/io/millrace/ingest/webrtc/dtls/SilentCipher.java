package io.millrace.ingest.webrtc.dtls;

import java.io.IOException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;

/**
 * A cipher for which every record that it cannot open is one with a wrong MAC. Such records the
 * library drops without a word, as it must (RFC 6347 section 4.1.2.7): anyone can send them, so
 * they must not end the association, as an alert that they cannot be decoded would.
 */
final class SilentCipher implements TlsCipher {
  private final TlsCipher cipher;
  private final int maxMessageBytes;

  /**
   * @param maxMessageBytes largest message of a handshake
   */
  SilentCipher(TlsCipher cipher, int maxMessageBytes) {
    this.cipher = cipher;
    this.maxMessageBytes = maxMessageBytes;
  }

  @Override
  public TlsDecodeResult decodeCiphertext(
      long seqNo,
      short recordType,
      ProtocolVersion recordVersion,
      byte[] ciphertext,
      int offset,
      int len)
      throws IOException {
    TlsDecodeResult opened;
    try {
      opened = cipher.decodeCiphertext(seqNo, recordType, recordVersion, ciphertext, offset, len);
    } catch (TlsFatalAlert e) {
      throw new TlsFatalAlert(AlertDescription.bad_record_mac, e);
    }
    if (opened.contentType == ContentType.handshake
        && !HandshakeMessages.fit(
            opened.buf, opened.off, opened.off + opened.len, maxMessageBytes)) {
      throw new TlsFatalAlert(AlertDescription.bad_record_mac);
    }
    return opened;
  }

  @Override
  public TlsEncodeResult encodePlaintext(
      long seqNo,
      short contentType,
      ProtocolVersion recordVersion,
      int headerAllocation,
      byte[] plaintext,
      int offset,
      int len)
      throws IOException {
    return cipher.encodePlaintext(
        seqNo, contentType, recordVersion, headerAllocation, plaintext, offset, len);
  }

  @Override
  public int getCiphertextDecodeLimit(int plaintextLimit) {
    return cipher.getCiphertextDecodeLimit(plaintextLimit);
  }

  @Override
  public int getCiphertextEncodeLimit(int plaintextLimit) {
    return cipher.getCiphertextEncodeLimit(plaintextLimit);
  }

  @Override
  public int getPlaintextDecodeLimit(int ciphertextLimit) {
    return cipher.getPlaintextDecodeLimit(ciphertextLimit);
  }

  @Override
  public int getPlaintextEncodeLimit(int ciphertextLimit) {
    return cipher.getPlaintextEncodeLimit(ciphertextLimit);
  }

  @Override
  public void rekeyDecoder() throws IOException {
    cipher.rekeyDecoder();
  }

  @Override
  public void rekeyEncoder() throws IOException {
    cipher.rekeyEncoder();
  }

  @Override
  public boolean usesOpaqueRecordTypeDecode() {
    return cipher.usesOpaqueRecordTypeDecode();
  }

  @Override
  public boolean usesOpaqueRecordTypeEncode() {
    return cipher.usesOpaqueRecordTypeEncode();
  }
}
