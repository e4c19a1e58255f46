package io.millrace.playback.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.playback.clip.Clip;
import io.millrace.playback.clip.NumberedClip;
import io.millrace.playback.clip.NumberedPicture;
import io.millrace.playback.clip.TestServer;
import io.millrace.playback.source.Nanos;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.FormatConfigKey;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetImagesRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetImagesResponse;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.Image;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ImageError;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.InvalidArgumentException;

/** Six seconds of numbered pictures with B-frames, a gap of five seconds, six seconds again. */
final class FrameRouteTest {
  private static final int FRAMES = 150;
  private static TestServer server;
  private static Instant base;
  private static List<FragmentEntry> stored;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
    base = server.now();
    Clip clip =
        Clip.of(
            NumberedClip.encode(
                "libx264",
                320,
                180,
                25,
                FRAMES,
                "-g",
                "50",
                "-bf",
                "3",
                "-b_strategy",
                "0",
                "-sc_threshold",
                "0"));
    FragmentLog log = server.create("cam");
    stored = sent(log, clip);
    server.advance(5_000);
    sent(log, clip);
  }

  /** Stores the clip as if its camera sent it just now. */
  private static List<FragmentEntry> sent(FragmentLog log, Clip clip) throws Exception {
    List<FragmentEntry> entries = new ArrayList<>();
    List<Clip.Fragment> fragments = clip.fragments(Nanos.of(server.now()));
    for (Clip.Fragment fragment : fragments) {
      entries.addAll(TestServer.append(log, List.of(fragment)));
      server.advance(2_000);
    }
    return entries;
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static HttpResponse<byte[]> frame(Instant at) throws Exception {
    return server.get("/v1/streams/cam/frame.jpg?at=" + at);
  }

  private static BufferedImage image(byte[] file) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(file));
  }

  @Test
  void theFrameOnDisplayIsAnswered() throws Exception {
    for (int number = 0; number < FRAMES; number += 7) {
      Instant shown = base.plusMillis(number * 40L);
      for (Instant at : List.of(shown, shown.plusNanos(39_999_999))) {
        HttpResponse<byte[]> answer = frame(at);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(NumberedPicture.read(image(answer.body()))).isEqualTo(number);
        assertThat(answer.headers().firstValue("Millrace-Frame-Time")).contains(shown.toString());
        assertThat(answer.headers().firstValue("Millrace-Fragment-Number"))
            .contains(stored.get(number / 50).number().toString());
        assertThat(answer.headers().firstValue("content-type")).contains("image/jpeg");
      }
    }
  }

  @Test
  void aGapIsAGap() throws Exception {
    HttpResponse<byte[]> last = frame(base.plusNanos(5_999_999_999L));
    assertThat(NumberedPicture.read(image(last.body()))).isEqualTo(FRAMES - 1);
    for (Instant at : List.of(base.plusSeconds(6), base.plusNanos(10_999_999_999L))) {
      HttpResponse<byte[]> answer = frame(at);
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(new String(answer.body()))
          .contains("\"before\":\"" + base.plusSeconds(6) + "\"")
          .contains("\"after\":\"" + base.plusSeconds(11) + "\"");
    }
    assertThat(new String(frame(base.minusNanos(1)).body()))
        .contains("\"after\":\"" + base + "\"")
        .doesNotContain("before\":");
    assertThat(new String(frame(base.plusSeconds(100)).body()))
        .contains("\"before\":\"" + base.plusSeconds(17) + "\"")
        .doesNotContain("after\":");
  }

  @Test
  void everyFormOfTimeAndSize() throws Exception {
    HttpResponse<byte[]> ago = server.get("/v1/streams/cam/frame.png?at=now-16s&width=160");
    assertThat(ago.headers().firstValue("content-type")).contains("image/png");
    BufferedImage image = image(ago.body());
    assertThat(NumberedPicture.read(image)).isEqualTo(25);
    assertThat(image.getWidth()).isEqualTo(160);
    assertThat(image.getHeight()).isEqualTo(90);
    HttpResponse<byte[]> newest = server.get("/v1/streams/cam/frame.jpg");
    assertThat(NumberedPicture.read(image(newest.body()))).isEqualTo(FRAMES - 1);
    String epoch = base.getEpochSecond() + ".52";
    assertThat(
            NumberedPicture.read(image(server.get("/v1/streams/cam/frame.jpg?at=" + epoch).body())))
        .isEqualTo(13);
    assertThat(
            NumberedPicture.read(
                image(
                    server
                        .get("/v1/streams/cam/frame.jpg?axis=server&at=" + base.plusMillis(80))
                        .body())))
        .isEqualTo(2);
    for (String bad :
        List.of(
            "at=yesterday",
            "width=0",
            "width=3841",
            "height=2161",
            "quality=101",
            "quality=x",
            "axis=moon",
            "at=now&at=now")) {
      assertThat(server.get("/v1/streams/cam/frame.jpg?" + bad).statusCode())
          .as(bad)
          .isEqualTo(400);
    }
    assertThat(server.get("/v1/streams/none/frame.jpg").statusCode()).isEqualTo(404);
  }

  private static GetImagesRequest.Builder images(Instant from, Instant to, int interval) {
    return GetImagesRequest.builder()
        .streamName("cam")
        .imageSelectorType("PRODUCER_TIMESTAMP")
        .startTimestamp(from)
        .endTimestamp(to)
        .samplingInterval(interval)
        .format("JPEG");
  }

  @Test
  void imagesAreSampledWithEntriesForGaps() throws Exception {
    long jobs = server.playback.metrics().decoders().jobs.sum();
    GetImagesResponse page =
        server
            .archived()
            .getImages(images(base, base.plusSeconds(12), 500).maxResults(100L).build());
    assertThat(page.nextToken()).isNull();
    assertThat(page.images()).hasSize(25);
    for (int i = 0; i < 25; i++) {
      Image image = page.images().get(i);
      assertThat(image.timeStamp()).isEqualTo(base.plusMillis(500L * i));
      if (i >= 12 && i < 22) {
        assertThat(image.error()).isEqualTo(ImageError.NO_MEDIA);
        assertThat(image.imageContent()).isNull();
      } else {
        int expected = (i < 12 ? i : i - 22) * 500 / 40;
        assertThat(NumberedPicture.read(decoded(image))).isEqualTo(expected);
      }
    }
    assertThat(server.playback.metrics().decoders().jobs.sum() - jobs)
        .as("one decode per fragment")
        .isEqualTo(4);
  }

  private static BufferedImage decoded(Image image) throws Exception {
    return image(java.util.Base64.getDecoder().decode(image.imageContent()));
  }

  @Test
  void imagePagesGoOn() throws Exception {
    int seen = 0;
    String token = null;
    do {
      GetImagesResponse page =
          server
              .archived()
              .getImages(
                  images(base, base.plusMillis(1_999), 200)
                      .maxResults(4L)
                      .nextToken(token)
                      .build());
      for (Image image : page.images()) {
        assertThat(NumberedPicture.read(decoded(image))).isEqualTo(seen * 5);
        seen++;
      }
      token = page.nextToken();
    } while (token != null);
    assertThat(seen).isEqualTo(10);
  }

  @Test
  void imageRequestsAreChecked() {
    assertThatThrownBy(
            () -> server.archived().getImages(images(base, base.plusMillis(300_001), 200).build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("300 seconds");
    assertThatThrownBy(() -> server.archived().getImages(images(base, base, 199).build()))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(
            () -> server.archived().getImages(images(base, base.minusSeconds(1), 200).build()))
        .isInstanceOf(InvalidArgumentException.class);
    for (String quality : List.of("0", "101", "high")) {
      assertThatThrownBy(
              () ->
                  server
                      .archived()
                      .getImages(
                          images(base, base, 200)
                              .formatConfig(Map.of(FormatConfigKey.JPEG_QUALITY, quality))
                              .build()))
          .isInstanceOf(InvalidArgumentException.class);
    }
    assertThat(server.archived().getImages(images(base, base, 200).build()).images()).hasSize(1);
  }
}
