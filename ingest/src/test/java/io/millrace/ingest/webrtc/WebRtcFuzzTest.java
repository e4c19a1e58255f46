package io.millrace.ingest.webrtc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.ingest.webrtc.negotiation.CodecChoice;
import io.millrace.ingest.webrtc.negotiation.DescriptionRefused;
import io.millrace.ingest.webrtc.negotiation.IceFragment;
import io.millrace.ingest.webrtc.negotiation.Negotiation;
import io.millrace.ingest.webrtc.negotiation.RemoteDescription;
import io.millrace.ingest.webrtc.srtp.SrtpKeys;
import io.millrace.ingest.webrtc.srtp.SrtpProfile;
import io.millrace.ingest.webrtc.srtp.SrtpReceiver;
import io.millrace.ingest.webrtc.srtp.SrtpSender;
import io.millrace.ingest.webrtc.stun.MalformedStun;
import io.millrace.ingest.webrtc.stun.StunKey;
import io.millrace.ingest.webrtc.stun.StunMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes from anyone: what is not right is refused, and nothing else happens. */
class WebRtcFuzzTest {
  private static final StunKey KEY = new StunKey("passwordpasswordpassword");

  /** What each kind of packet and text begins with, and chance behind it. */
  static Stream<byte[]> beginnings() {
    Random random = new Random(3);
    List<String> starts =
        List.of(
            "000100142112a442",
            "010100002112a442",
            "16fefd0000000000000000004001000034",
            "14fefd000000000000000100010115fefd0000000000000002000201",
            "80600001",
            "9060000100000000000000000bede0001",
            "81c80006",
            "763d300d0a6d3d766964656f203920554450",
            "613d63616e6469646174653a31203120756470");
    return starts.stream()
        .flatMap(
            start -> {
              byte[] bytes = HexFormat.of().parseHex(start.substring(0, start.length() & ~1));
              byte[] longer = Arrays.copyOf(bytes, bytes.length + 60);
              for (int i = bytes.length; i < longer.length; i++) {
                longer[i] = (byte) random.nextInt(256);
              }
              return Stream.of(bytes, longer);
            });
  }

  @MethodSource("beginnings")
  @FuzzTest(maxDuration = "60s")
  void stun(byte[] data) {
    try {
      StunMessage message = StunMessage.parse(data);
      if (message.integrityMatches(KEY)) {
        throw new AssertionError("a forged message passed");
      }
      boolean unused = message.fingerprintMatches();
      message.username();
      message.mappedAddress();
      message.errorCode();
      message.priority();
      message.unknownAttributes();
    } catch (MalformedStun e) {
      // as it should be
    }
  }

  @MethodSource("beginnings")
  @FuzzTest(maxDuration = "60s")
  void srtp(byte[] data) {
    for (SrtpProfile profile : SrtpProfile.values()) {
      SrtpKeys keys = SrtpKeys.of(profile, new byte[profile.materialBytes()], true);
      SrtpReceiver receiver = new SrtpReceiver(keys, 4);
      if (receiver.rtp(data.clone(), data.length) != SrtpReceiver.REFUSED
          || receiver.rtcp(data.clone(), data.length) != SrtpReceiver.REFUSED) {
        throw new AssertionError("a forged packet passed");
      }
      byte[] packet = new byte[40 + SrtpSender.TRAILER_BYTES];
      packet[0] = (byte) 0x80;
      int length = new SrtpSender(keys).rtp(packet, 40);
      if (receiver.rtp(packet, length) != 40) {
        throw new AssertionError("a forged packet did harm");
      }
    }
  }

  @MethodSource("beginnings")
  @FuzzTest(maxDuration = "60s")
  void descriptions(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    for (String each : List.of(text, "v=0\n" + text)) {
      try {
        RemoteDescription read = RemoteDescription.parse(each);
        new Negotiation(false, CodecChoice.toReceive(), new Random(1)).plan(read);
      } catch (DescriptionRefused e) {
        // as it should be
      }
    }
    try {
      IceFragment.parse(text).credentials();
    } catch (DescriptionRefused e) {
      // as it should be
    }
  }
}
