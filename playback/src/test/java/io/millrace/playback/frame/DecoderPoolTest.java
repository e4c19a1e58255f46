package io.millrace.playback.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.track.CodecPrivateData;
import io.millrace.playback.clip.NumberedClip;
import io.millrace.playback.clip.NumberedPicture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DecoderPoolTest {
  private static final PictureFormat JPEG =
      new PictureFormat(PictureFormat.Encoding.JPEG, 80, 0, 0);
  private static final DecoderSettings SETTINGS =
      DecoderSettings.defaults(Path.of("target", "libav").toAbsolutePath());

  private static DecoderPool pool;
  private static NumberedClip bFrames;

  @BeforeAll
  static void start() {
    pool = new DecoderPool(SETTINGS, Thread.ofPlatform().name("frame-decoder-", 0).factory());
    bFrames =
        NumberedClip.encode(
            "libx264", 320, 180, 25, 48, "-g", "24", "-bf", "3", "-b_strategy", "0");
  }

  @AfterAll
  static void stop() {
    pool.close();
    assertThat(pool.workerPids()).isEmpty();
  }

  @Test
  void everyFrameOfAnInterleavedGopIsTheRightOne() throws Exception {
    assertThat(bFrames.units().get(1).number()).as("file order is not show order").isNotEqualTo(1);
    for (int wanted = 0; wanted < 48; wanted++) {
      int number = wanted;
      List<Picture> pictures = decode(request(bFrames, n -> n == number, JPEG));
      assertThat(pictures).hasSize(1);
      assertThat(NumberedPicture.read(image(pictures.getFirst()))).isEqualTo(wanted);
    }
  }

  @Test
  void oneJobGivesSeveralPictures() throws Exception {
    List<Picture> pictures = decode(request(bFrames, n -> n % 5 == 0, JPEG));
    assertThat(pictures).hasSize(10);
    for (Picture picture : pictures) {
      assertThat(NumberedPicture.read(image(picture)) * 40_000_000L).isEqualTo(picture.ptsNanos());
    }
  }

  @Test
  void h265AndPng() throws Exception {
    NumberedClip clip =
        NumberedClip.encode("libx265", 320, 180, 25, 20, "-g", "20", "-x265-params", "log-level=0");
    PictureFormat png = new PictureFormat(PictureFormat.Encoding.PNG, 80, 160, 0);
    for (int wanted : new int[] {0, 7, 19}) {
      List<Picture> pictures = decode(request(clip, n -> n == wanted, png));
      BufferedImage image = image(pictures.getFirst());
      assertThat(image.getWidth()).isEqualTo(160);
      assertThat(image.getHeight()).isEqualTo(90);
      assertThat(NumberedPicture.read(image)).isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "libvpx, -deadline realtime -auto-alt-ref 0",
    "libvpx-vp9, -deadline good -cpu-used 5 -lag-in-frames 10 -auto-alt-ref 1",
    "libaom-av1, -cpu-used 8 -lag-in-frames 10",
  })
  void codecsOfBrowsers(String encoder, String options) throws Exception {
    List<String> all = new ArrayList<>(List.of("-g", "12", "-b:v", "500k"));
    all.addAll(List.of(options.split(" ")));
    NumberedClip clip = NumberedClip.encode(encoder, 320, 180, 25, 24, all.toArray(String[]::new));
    for (int wanted = 0; wanted < 24; wanted++) {
      int number = wanted;
      List<Picture> pictures = decode(request(clip, n -> n == number, JPEG));
      assertThat(pictures).hasSize(1);
      assertThat(NumberedPicture.read(image(pictures.getFirst()))).isEqualTo(wanted);
    }
  }

  @Test
  void sizesAndQuality() throws Exception {
    BufferedImage heightOnly = one(new PictureFormat(PictureFormat.Encoding.JPEG, 80, 0, 90));
    assertThat(heightOnly.getWidth()).isEqualTo(160);
    BufferedImage both = one(new PictureFormat(PictureFormat.Encoding.JPEG, 80, 100, 200));
    assertThat(both.getWidth()).isEqualTo(100);
    assertThat(both.getHeight()).isEqualTo(200);
    int previous = 0;
    for (int quality : new int[] {1, 30, 60, 80, 95, 100}) {
      Picture picture =
          decode(
                  request(
                      bFrames,
                      n -> n == 0,
                      new PictureFormat(PictureFormat.Encoding.JPEG, quality, 0, 0)))
              .getFirst();
      int size = ((Picture.Encoded) picture).data().remaining();
      assertThat(size).as("quality " + quality).isGreaterThanOrEqualTo(previous);
      previous = size;
    }
    assertThatThrownBy(() -> new PictureFormat(PictureFormat.Encoding.JPEG, 101, 0, 0))
        .hasMessageContaining("quality");
    assertThatThrownBy(() -> new PictureFormat(PictureFormat.Encoding.JPEG, 1, 3841, 0))
        .hasMessageContaining("width");
    assertThatThrownBy(() -> new PictureFormat(PictureFormat.Encoding.JPEG, 1, 0, 2161))
        .hasMessageContaining("height");
  }

  @Test
  void levelsAreThoseOfTheVideo() throws Exception {
    BufferedImage image = one(JPEG);
    int white = image.getRGB(image.getWidth() - 1 - 160, 20) & 0xff;
    assertThat(white).as("black of limited range video is black in the picture").isLessThan(12);
  }

  @Test
  void aMissingReferenceIsNotShownAsIfItWereThere() throws Exception {
    List<AccessUnit> units = new ArrayList<>();
    for (NumberedClip.Unit unit : bFrames.units().subList(1, 6)) {
      units.add(new AccessUnit(unit.ptsNanos(), true, ByteBuffer.wrap(unit.data())));
    }
    List<Picture> pictures =
        decode(new DecodeRequest(bFrames.codecId(), setup(bFrames), units, JPEG));
    assertThat(pictures).hasSize(5).allMatch(Picture.Failed.class::isInstance);
  }

  @Test
  void unknownCodecsAndBadSetupAreSaidSo() throws Exception {
    DecodeRequest request = request(bFrames, n -> n == 0, JPEG);
    assertFails(
        new DecodeRequest("V_THEORA", request.codecPrivate(), request.units(), JPEG), "V_THEORA");
    List<Picture> pictures =
        decode(
            new DecodeRequest(
                request.codecId(),
                CodecPrivateData.copyOf(new byte[] {1, 2, 3, 4, 5, 6, 7}),
                request.units(),
                JPEG));
    assertThat(((Picture.Failed) pictures.getFirst()).reason()).contains("cannot be decoded");
  }

  @Test
  void garbageHarmsNobodyElse() throws Exception {
    Random random = new Random(20261121);
    for (int round = 0; round < 60; round++) {
      List<AccessUnit> units = new ArrayList<>();
      for (NumberedClip.Unit unit : bFrames.units().subList(0, 12)) {
        byte[] data = unit.data().clone();
        for (int i = random.nextInt(6); i > 0; i--) {
          data[random.nextInt(data.length)] = (byte) random.nextInt();
        }
        units.add(new AccessUnit(unit.ptsNanos(), round % 2 == 0, ByteBuffer.wrap(data)));
      }
      byte[] setup = bFrames.codecPrivate().clone();
      if (round % 3 == 0) {
        setup[random.nextInt(setup.length)] ^= (byte) (1 << random.nextInt(8));
      }
      CompletableFuture<List<Picture>> answer =
          pool.decode(
                  new DecodeRequest(bFrames.codecId(), CodecPrivateData.copyOf(setup), units, JPEG))
              .toCompletableFuture();
      try {
        answer.get(20, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        assertThat(e.getCause()).isInstanceOf(DecodeException.class);
      }
    }
    assertThat(NumberedPicture.read(one(JPEG))).isZero();
  }

  @Test
  void aKilledWorkerFailsItsJobAndIsReplaced() throws Exception {
    try (DecoderPool single = pool(1, 4, Duration.ofSeconds(10), 100)) {
      assertThat(single.decode(request(bFrames, n -> n == 3, JPEG)).toCompletableFuture().get())
          .hasSize(1);
      long pid = single.workerPids().getFirst();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      ProcessHandle.of(pid).ifPresent(p -> p.onExit().join());
      assertThatThrownBy(
              () -> single.decode(request(bFrames, n -> n == 3, JPEG)).toCompletableFuture().get())
          .hasMessageContaining("died");
      assertThat(single.decode(request(bFrames, n -> n == 3, JPEG)).toCompletableFuture().get())
          .hasSize(1);
      assertThat(single.metrics().workersLost.sum()).isEqualTo(1);
    }
  }

  @Test
  void limitsOnQueueTimeAndAge() throws Exception {
    try (DecoderPool single = pool(1, 2, Duration.ofSeconds(10), 2)) {
      List<CompletableFuture<List<Picture>>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(single.decode(request(bFrames, n -> n == 47, JPEG)).toCompletableFuture());
      }
      long refused =
          answers.stream().filter(a -> a.isCompletedExceptionally() && isBusy(a)).count();
      assertThat(refused).as("one may run and two wait").isBetween(5L, 6L);
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
          .handle((done, failure) -> done)
          .get(30, TimeUnit.SECONDS);
      single.decode(request(bFrames, n -> n == 1, JPEG)).toCompletableFuture().get();
      assertThat(single.metrics().workersRetired.sum()).isPositive();
    }
    try (DecoderPool hasty = pool(1, 2, Duration.ofNanos(1), 100)) {
      assertThatThrownBy(
              () -> hasty.decode(request(bFrames, n -> n == 47, JPEG)).toCompletableFuture().get())
          .hasMessageContaining("longer than");
    }
  }

  @Test
  void aWorkerThatGrewIsReplacedAndOneThatCannotStartIsSaidSo() throws Exception {
    try (DecoderPool grown = pool(Duration.ofSeconds(60), 1)) {
      for (int i = 1; i <= 2; i++) {
        assertThat(grown.decode(request(bFrames, n -> n == 0, JPEG)).toCompletableFuture().get())
            .hasSize(1);
      }
      assertThat(grown.metrics().workersStarted.sum()).isGreaterThanOrEqualTo(2);
    }
    try (DecoderPool stuck = pool(Duration.ofNanos(1), 512L << 20)) {
      CompletableFuture<List<Picture>> answer =
          stuck.decode(request(bFrames, n -> n == 0, JPEG)).toCompletableFuture();
      assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              DecodeException.class,
              e -> assertThat(e.kind()).isEqualTo(DecodeException.Kind.UNAVAILABLE));
    }
  }

  private static DecoderPool pool(Duration startLimit, long maxResidentBytes) {
    return new DecoderPool(
        new DecoderSettings(
            1,
            1,
            4,
            Duration.ofSeconds(10),
            startLimit,
            100,
            64L << 20,
            maxResidentBytes,
            SETTINGS.cacheDirectory()),
        Thread.ofPlatform().factory());
  }

  private static boolean isBusy(CompletableFuture<List<Picture>> answer) {
    return answer.exceptionNow() instanceof DecodeException e
        && e.kind() == DecodeException.Kind.BUSY;
  }

  private static DecoderPool pool(int workers, int queue, Duration limit, int jobs) {
    return new DecoderPool(
        new DecoderSettings(
            workers,
            2,
            queue,
            limit,
            Duration.ofSeconds(60),
            jobs,
            64L << 20,
            512L << 20,
            SETTINGS.cacheDirectory()),
        Thread.ofPlatform().factory());
  }

  private static void assertFails(DecodeRequest request, String message) {
    assertThatThrownBy(() -> decode(request))
        .cause()
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining(message);
  }

  private static BufferedImage one(PictureFormat format) throws Exception {
    return image(decode(request(bFrames, n -> n == 0, format)).getFirst());
  }

  private static List<Picture> decode(DecodeRequest request) throws Exception {
    return pool.decode(request).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** The units up to the last wanted one. */
  private static DecodeRequest request(
      NumberedClip clip, IntPredicate wanted, PictureFormat format) {
    List<AccessUnit> units = new ArrayList<>();
    int end = 0;
    for (NumberedClip.Unit unit : clip.units()) {
      boolean isWanted = wanted.test(unit.number());
      units.add(new AccessUnit(unit.ptsNanos(), isWanted, ByteBuffer.wrap(unit.data())));
      end = isWanted ? units.size() : end;
    }
    return new DecodeRequest(clip.codecId(), setup(clip), units.subList(0, end), format);
  }

  private static CodecPrivateData setup(NumberedClip clip) {
    return CodecPrivateData.copyOf(clip.codecPrivate());
  }

  private static BufferedImage image(Picture picture) throws Exception {
    assertThat(picture).isInstanceOf(Picture.Encoded.class);
    ByteBuffer data = ((Picture.Encoded) picture).data();
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    return ImageIO.read(new ByteArrayInputStream(bytes));
  }
}
