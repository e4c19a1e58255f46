package io.millrace.ingest.rtp.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.media.bits.NalUnits;
import io.millrace.media.codec.CodecSetup;
import io.millrace.media.codec.Framing;
import io.millrace.media.mkv.FrameEvent;
import io.millrace.media.mkv.MkvDemuxer;
import io.millrace.media.mkv.MkvHeader;
import io.millrace.media.mkv.MkvListener;
import io.millrace.media.mkv.MkvSettings;
import io.millrace.media.track.Track;
import io.millrace.tests.fixtures.Recordings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real recordings cut into payloads and put together again. */
class PayloadRoundTripTest {
  private record Sent(boolean keyframe, ByteBuffer data) {}

  private record Payload(byte[] bytes, boolean marker, long timestamp) {}

  /** Collects what a depacketizer gives. */
  private static final class Collected implements Depacketizer.Sink {
    final List<AccessUnit> units = new ArrayList<>();
    final List<String> dropped = new ArrayList<>();

    @Override
    public void unit(AccessUnit unit) {
      units.add(Packets.kept(unit));
    }

    @Override
    public void dropped(long timestamp, String reason) {
      dropped.add(timestamp + " " + reason);
    }
  }

  /** Frames of a Matroska recording by track, in native framing. */
  private static Map<Track, List<Sent>> frames(Recordings recording) throws Exception {
    Map<Integer, List<Sent>> byNumber = new HashMap<>();
    List<Track> tracks = new ArrayList<>();
    MkvDemuxer demuxer =
        new MkvDemuxer(
            MkvSettings.LIVE.withDeliveredBytes(Integer.MAX_VALUE),
            new MkvListener() {
              @Override
              public void header(MkvHeader header, long endOffset) {
                if (tracks.isEmpty()) {
                  tracks.addAll(header.tracks());
                }
              }

              @Override
              public void frame(FrameEvent frame) {
                byte[] copy = new byte[frame.data().remaining()];
                frame.data().duplicate().get(copy);
                byNumber
                    .computeIfAbsent(frame.trackNumber(), n -> new ArrayList<>())
                    .add(new Sent(frame.keyframe(), ByteBuffer.wrap(copy)));
              }
            });
    demuxer.feed(ByteBuffer.wrap(recording.bytes()));
    Map<Track, List<Sent>> all = new HashMap<>();
    for (Track track : tracks) {
      List<Sent> sent = byNumber.get(track.number());
      CodecSetup setup = CodecSetup.find(track, sent.getFirst().data());
      if (setup.framing() == Framing.ANNEX_B) {
        sent.replaceAll(
            each ->
                new Sent(
                    each.keyframe(),
                    NalUnits.joinLengthPrefixed(NalUnits.splitAnnexB(each.data()))));
      }
      all.put(track.withCodecPrivate(setup.codecPrivate()), sent);
    }
    return all;
  }

  private static List<Payload> cut(Track track, List<Sent> sent, int maxBytes) {
    Packetizer packetizer = PayloadFormats.packetizer(track, maxBytes);
    List<Payload> payloads = new ArrayList<>();
    long timestamp = 1000;
    for (Sent frame : sent) {
      long at = timestamp;
      packetizer.frame(
          frame.data(),
          frame.keyframe(),
          (payload, marker) -> {
            byte[] copy = new byte[payload.remaining()];
            payload.get(copy);
            payloads.add(new Payload(copy, marker, at));
          });
      timestamp += 1024;
    }
    return payloads;
  }

  private static RtpPacket packet(Payload payload, int sequence) {
    return new RtpPacket(
        payload.marker(),
        96,
        sequence & 0xffff,
        payload.timestamp(),
        7,
        -1,
        ByteBuffer.allocate(0),
        ByteBuffer.wrap(payload.bytes()).asReadOnlyBuffer());
  }

  @ParameterizedTest
  @CsvSource({
    "H264_AAC_LIVE, 100",
    "H264_AAC_LIVE, 1400",
    "H264_AAC_LIVE, 65000",
    "KVSSINK_720P_BFRAMES, 1200",
    "H265_AAC, 64",
    "VP8, 100",
    "VP9, 1200",
    "AV1, 1200",
    "H265_AAC, 1400",
    "G711_ALAW, 1400",
    "PRODUCER_C_RELATIVE, 1400"
  })
  void framesComeBackAsTheyWere(Recordings recording, int maxBytes) throws Exception {
    int tracks = 0;
    for (Map.Entry<Track, List<Sent>> each : frames(recording).entrySet()) {
      Track track = each.getKey();
      assertThat(PayloadFormats.sends(track)).isTrue();
      RtpFormat format = PayloadFormats.format(96, track);
      assertThat(PayloadFormats.supports(format)).isTrue();
      Track described = PayloadFormats.track(track.number(), format);
      assertThat(PayloadFormats.format(96, described))
          .as("the setup survives the session description")
          .isEqualTo(format);
      Depacketizer depacketizer =
          PayloadFormats.depacketizer(format, DepacketizerSettings.defaults());
      Collected collected = new Collected();
      int sequence = 65_500;
      for (Payload payload : cut(track, each.getValue(), maxBytes)) {
        if (!track.codecId().equals("A_MS/ACM")) {
          assertThat(payload.bytes().length).isLessThanOrEqualTo(maxBytes);
        }
        depacketizer.packet(packet(payload, sequence++), payload.timestamp(), false, collected);
      }
      depacketizer.flush(collected);
      assertThat(collected.dropped).isEmpty();
      assertThat(collected.units.stream().map(AccessUnit::data))
          .isEqualTo(each.getValue().stream().map(Sent::data).toList());
      if (track.video().isPresent()) {
        assertThat(collected.units.stream().map(AccessUnit::keyframe))
            .isEqualTo(each.getValue().stream().map(Sent::keyframe).toList());
      }
      tracks++;
    }
    assertThat(tracks).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"H264_OPEN_GOP", "H264_AAC_LIVE", "H265_AAC", "VP8", "VP9", "AV1", "G711_ALAW"})
  void packetsOfAnySizeCarryThem(Recordings recording) throws Exception {
    for (int maxBytes : new int[] {16, 17, 31, 73, 250, 333, 900, 1200, 1472, 9000, 65_000}) {
      framesComeBackAsTheyWere(recording, maxBytes);
    }
  }

  /** Each packet in turn is the one that never comes. */
  @ParameterizedTest
  @CsvSource({
    "H264_OPEN_GOP, 300",
    "H264_AAC_LIVE, 300",
    "H265_AAC, 200",
    "H264_AAC_LIVE, 1400",
    "VP8, 300",
    "VP8, 1200",
    "VP9, 300",
    "VP9, 1200",
    "AV1, 150",
    "AV1, 1200"
  })
  void whicheverPacketIsLostNoFrameIsDamaged(Recordings recording, int maxBytes) throws Exception {
    for (Map.Entry<Track, List<Sent>> each : frames(recording).entrySet()) {
      List<Payload> payloads = cut(each.getKey(), each.getValue(), maxBytes);
      List<ByteBuffer> sent = each.getValue().stream().map(Sent::data).toList();
      RtpFormat format = PayloadFormats.format(96, each.getKey());
      for (int lost = 0; lost < payloads.size(); lost++) {
        Depacketizer depacketizer =
            PayloadFormats.depacketizer(format, DepacketizerSettings.defaults());
        Collected collected = new Collected();
        for (int i = 0; i < payloads.size(); i++) {
          if (i != lost) {
            Payload payload = payloads.get(i);
            depacketizer.packet(packet(payload, i), payload.timestamp(), i == lost + 1, collected);
          }
        }
        depacketizer.flush(collected);
        List<ByteBuffer> got = collected.units.stream().map(AccessUnit::data).toList();
        assertThat(got).as("without packet %d", lost).isSubsetOf(sent);
        assertThat(got.size())
            .as("without packet %d", lost)
            .isBetween(sent.size() - 2, sent.size() - 1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"H264_AAC_LIVE", "H265_AAC", "KVSSINK_720P_BFRAMES", "VP8", "VP9", "AV1"})
  void aLostPacketNeverLeavesADamagedFrame(Recordings recording) throws Exception {
    SplittableRandom random = new SplittableRandom(5);
    for (Map.Entry<Track, List<Sent>> each : frames(recording).entrySet()) {
      Track track = each.getKey();
      List<Payload> payloads = cut(track, each.getValue(), 700);
      List<ByteBuffer> sent = each.getValue().stream().map(Sent::data).toList();
      for (int round = 0; round < 20; round++) {
        Depacketizer depacketizer =
            PayloadFormats.depacketizer(
                PayloadFormats.format(96, track), DepacketizerSettings.defaults());
        Collected collected = new Collected();
        boolean lost = false;
        int losses = 0;
        for (int i = 0; i < payloads.size(); i++) {
          if (random.nextInt(50) == 0) {
            lost = true;
            losses++;
            continue;
          }
          Payload payload = payloads.get(i);
          depacketizer.packet(packet(payload, i), payload.timestamp(), lost, collected);
          lost = false;
        }
        depacketizer.flush(collected);
        assertThat(collected.units).allMatch(unit -> sent.contains(unit.data()));
        assertThat(collected.units.size())
            .as("a loss costs at most two frames")
            .isGreaterThanOrEqualTo(sent.size() - 2 * losses);
      }
    }
  }

  @Test
  void markersThatAreMissingOrSetTooOftenDoNotSplitPictures() throws Exception {
    Map.Entry<Track, List<Sent>> video =
        frames(Recordings.H264_AAC_LIVE).entrySet().stream()
            .filter(each -> each.getKey().video().isPresent())
            .findFirst()
            .orElseThrow();
    List<Payload> payloads = cut(video.getKey(), video.getValue(), 500);
    List<ByteBuffer> sent = video.getValue().stream().map(Sent::data).toList();
    for (boolean always : new boolean[] {false, true}) {
      Depacketizer depacketizer =
          PayloadFormats.depacketizer(
              PayloadFormats.format(96, video.getKey()), DepacketizerSettings.defaults());
      Collected collected = new Collected();
      for (int i = 0; i < payloads.size(); i++) {
        Payload payload = payloads.get(i);
        boolean endsUnit = payload.marker() || (payload.bytes()[1] & 0x40) != 0;
        Payload changed = new Payload(payload.bytes(), always && endsUnit, payload.timestamp());
        depacketizer.packet(packet(changed, i), payload.timestamp(), false, collected);
      }
      depacketizer.flush(collected);
      List<ByteBuffer> got = collected.units.stream().map(AccessUnit::data).toList();
      assertThat(got.subList(got.size() - 20, got.size()))
          .isEqualTo(sent.subList(sent.size() - 20, sent.size()));
    }
  }

  @Test
  void framesAreBounded() {
    DepacketizerSettings limits = new DepacketizerSettings(1000, 3);
    byte[] unit = new byte[996];
    unit[0] = 0x65;
    unit[1] = (byte) 0x80;
    RtpFormat format = new RtpFormat(96, "H264", 90_000, 0, Map.of());
    Collected collected = new Collected();
    Depacketizer depacketizer = PayloadFormats.depacketizer(format, limits);
    depacketizer.packet(packet(new Payload(unit, true, 1), 0), 1, false, collected);
    assertThat(collected.units).hasSize(1);
    byte[] larger = Arrays.copyOf(unit, 997);
    depacketizer.packet(packet(new Payload(larger, true, 2), 1), 2, false, collected);
    assertThat(collected.dropped).singleElement().asString().contains("more than 1000 bytes");

    byte[] small = {0x41, (byte) 0x80};
    for (int i = 0; i < 4; i++) {
      depacketizer.packet(packet(new Payload(small, i == 3, 3), 2 + i), 3, false, collected);
    }
    assertThat(collected.dropped.getLast()).contains("more than 3 units");
    for (int i = 0; i < 3; i++) {
      depacketizer.packet(packet(new Payload(small, i == 2, 4), 6 + i), 4, false, collected);
    }
    assertThat(collected.units).hasSize(2);
  }

  @Test
  void severalAacFramesInAPacketHaveTheirOwnTimes() {
    RtpFormat format =
        new RtpFormat(
            97,
            "MPEG4-GENERIC",
            48_000,
            2,
            Map.of(
                "mode", "AAC-hbr",
                "sizelength", "13",
                "indexlength", "3",
                "indexdeltalength", "3",
                "config", "1190"));
    byte[] payload = {0, 32, 0, 16, 0, 24, 1, 2, 3, 4, 5};
    Collected collected = new Collected();
    PayloadFormats.depacketizer(format, DepacketizerSettings.defaults())
        .packet(packet(new Payload(payload, true, 5000), 0), 5000, false, collected);
    assertThat(collected.units).extracting(AccessUnit::timestamp).containsExactly(5000L, 6024L);
    assertThat(collected.units.get(1).data()).isEqualTo(ByteBuffer.wrap(new byte[] {3, 4, 5}));
    Track track = PayloadFormats.track(2, format);
    assertThat(track.audio().orElseThrow().samplingHz()).isEqualTo(48_000);
    assertThat(track.audio().orElseThrow().channels()).isEqualTo(2);
  }

  @Test
  void unknownFormatsAreRefused() {
    RtpFormat other = new RtpFormat(98, "JPEG", 90_000, 0, Map.of());
    assertThat(PayloadFormats.supports(other)).isFalse();
    assertThatThrownBy(() -> PayloadFormats.depacketizer(other, DepacketizerSettings.defaults()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("JPEG");
  }
}
