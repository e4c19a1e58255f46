package io.millrace.ingest.webrtc.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples of RFC 3711 and RFC 7714, those of libsrtp's own check, and round trips. */
class SrtpTest {
  private static final byte[] KEY = hex("e1f97a0d3e018be0d64fa32c06de4139");
  private static final byte[] SALT = hex("0ec675ad498afeebb6960b3aabe6");

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static SrtpKeys keys(SrtpProfile profile) {
    byte[] material = new byte[profile.materialBytes()];
    new Random(7).nextBytes(material);
    return SrtpKeys.of(profile, material, true);
  }

  private static byte[] packet(int sequence, int ssrc, int payloadBytes) {
    byte[] packet = new byte[12 + payloadBytes + SrtpSender.TRAILER_BYTES];
    packet[0] = (byte) 0x80;
    packet[2] = (byte) (sequence >>> 8);
    packet[3] = (byte) sequence;
    Words.put(packet, 8, ssrc);
    for (int i = 0; i < payloadBytes; i++) {
      packet[12 + i] = (byte) i;
    }
    return packet;
  }

  @Test
  void derivesTheKeysOfRfc3711() {
    SrtpKeys keys = new SrtpKeys(SrtpProfile.AES128_CM_HMAC_SHA1_80, KEY, SALT);
    assertThat(KeyDerivation.derive(keys, KeyDerivation.RTP_ENCRYPTION, 16))
        .isEqualTo(hex("c61e7a93744f39ee10734afe3ff7a087"));
    assertThat(KeyDerivation.derive(keys, KeyDerivation.RTP_SALT, 14))
        .isEqualTo(hex("30cbbc08863d8c85d49db34a9ae1"));
    assertThat(KeyDerivation.derive(keys, KeyDerivation.RTP_AUTHENTICATION, 20))
        .isEqualTo(hex("cebe321f6ff7716b6fd4ab49af256a156d38baa4"));
  }

  @Test
  void protectsAsLibsrtpDoes() {
    SrtpKeys keys = new SrtpKeys(SrtpProfile.AES128_CM_HMAC_SHA1_80, KEY, SALT);
    byte[] rtp = Arrays.copyOf(hex("800f1234decafbadcafebabe" + "ab".repeat(16)), 28 + 20);
    byte[] srtp =
        hex("800f1234decafbadcafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb");
    assertThat(new SrtpSender(keys).rtp(rtp, 28)).isEqualTo(38);
    assertThat(Arrays.copyOf(rtp, 38)).isEqualTo(srtp);
    byte[] rtcp = Arrays.copyOf(hex("81c8000bcafebabe" + "ab".repeat(16)), 24 + 20);
    assertThat(new SrtpSender(keys).rtcp(rtcp, 24)).isEqualTo(38);
    assertThat(Arrays.copyOf(rtcp, 38))
        .isEqualTo(
            hex(
                "81c8000bcafebabe 7128035be487b9bdbef89041f977a5a8 80000001"
                    + " 993e08cd54d6c1230798"));
  }

  @Test
  void protectsAsRfc7714Shows() throws GeneralSecurityException {
    AesGcmCipher cipher =
        new AesGcmCipher(hex("000102030405060708090a0b0c0d0e0f"), hex("517569642070726f2071756f"));
    byte[] rtp =
        Arrays.copyOf(
            hex(
                "8040f17b8041f8d35501a0b2 47616c6c696120657374206f6d6e697320646976697361"
                    + "20696e207061727465732074726573"),
            66);
    assertThat(cipher.protectRtp(rtp, 50, 12, 0x5501a0b2, 0xf17b)).isEqualTo(66);
    assertThat(rtp)
        .isEqualTo(
            hex(
                "8040f17b8041f8d35501a0b2 f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f"
                    + "42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce"));
    byte[] rtcp =
        Arrays.copyOf(
            hex(
                "81c8000d4d617273 4e5450314e545032525450200000042a0000e9304c756e61"
                    + "deadbeef".repeat(5)),
            72);
    assertThat(cipher.protectRtcp(rtcp, 52, 0x4d617273, 0x5d4)).isEqualTo(72);
    assertThat(rtcp)
        .isEqualTo(
            hex(
                "81c8000d4d617273 63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda"
                    + "4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4"));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsProtectedOpens(SrtpProfile profile) {
    SrtpSender sender = new SrtpSender(keys(profile));
    SrtpReceiver receiver = new SrtpReceiver(keys(profile), 4);
    // Over the wrap of the sequence number, with packets that overtake each other.
    for (int i = 0; i < 200; i++) {
      int sequence = 65_450 + i & 0xffff;
      byte[] plain = packet(sequence, 77, i);
      byte[] sent = plain.clone();
      int length = sender.rtp(sent, 12 + i);
      assertThat(length).isEqualTo(12 + i + profile.tagBytes());
      byte[] again = sent.clone();
      assertThat(receiver.rtp(sent, length)).isEqualTo(12 + i);
      assertThat(Arrays.copyOf(sent, 12 + i)).isEqualTo(Arrays.copyOf(plain, 12 + i));
      assertThat(receiver.rtp(again, length)).as("a replay").isEqualTo(SrtpReceiver.REFUSED);
    }
    byte[] rtcp = packet(0, 5, 20);
    rtcp[1] = (byte) 200;
    int length = sender.rtcp(rtcp, 32);
    byte[] again = rtcp.clone();
    assertThat(receiver.rtcp(rtcp, length)).isEqualTo(32);
    assertThat(receiver.rtcp(again, length)).isEqualTo(SrtpReceiver.REFUSED);
  }

  @ParameterizedTest
  @EnumSource
  void everyFlippedBitIsRefused(SrtpProfile profile) {
    byte[] sent = packet(9, 77, 40);
    int length = new SrtpSender(keys(profile)).rtp(sent, 52);
    byte[] control = packet(9, 77, 20);
    int controlLength = new SrtpSender(keys(profile)).rtcp(control, 32);
    SrtpReceiver receiver = new SrtpReceiver(keys(profile), 4);
    for (int bit = 0; bit < 8 * length; bit++) {
      byte[] broken = sent.clone();
      broken[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(receiver.rtp(broken, length)).as("bit " + bit).isEqualTo(SrtpReceiver.REFUSED);
    }
    for (int bit = 0; bit < 8 * controlLength; bit++) {
      byte[] broken = control.clone();
      broken[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(receiver.rtcp(broken, controlLength)).isEqualTo(SrtpReceiver.REFUSED);
    }
    assertThat(receiver.rtp(sent, length)).as("forgeries change nothing").isEqualTo(52);
    assertThat(receiver.rtcp(control, controlLength)).isEqualTo(32);
  }

  @Test
  void packetsOvertakeEachOtherWithinTheWindow() {
    SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;
    SrtpSender sender = new SrtpSender(keys(profile));
    SrtpReceiver receiver = new SrtpReceiver(keys(profile), 4);
    byte[][] sent = new byte[ReplayWindow.PACKETS + 1][];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = packet(i, 1, 1);
      sender.rtp(sent[i], 13);
    }
    int length = 13 + profile.tagBytes();
    assertThat(receiver.rtp(sent[ReplayWindow.PACKETS], length)).isEqualTo(13);
    assertThat(receiver.rtp(sent[1], length)).as("the oldest that can be told").isEqualTo(13);
    assertThat(receiver.rtp(sent[0], length)).as("one older").isEqualTo(SrtpReceiver.REFUSED);
  }

  @Test
  void sourcesAreCountedToTheLimit() {
    SrtpProfile profile = SrtpProfile.AES128_CM_HMAC_SHA1_80;
    SrtpSender sender = new SrtpSender(keys(profile));
    SrtpReceiver receiver = new SrtpReceiver(keys(profile), 2);
    for (int ssrc = 1; ssrc <= 3; ssrc++) {
      byte[] sent = packet(1, ssrc, 4);
      int length = sender.rtp(sent, 16);
      assertThat(receiver.rtp(sent, length)).isEqualTo(ssrc <= 2 ? 16 : SrtpReceiver.REFUSED);
    }
  }
}
