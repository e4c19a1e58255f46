package io.millrace.playback.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.playback.PlaybackSettings;
import io.millrace.playback.clip.Clip;
import io.millrace.playback.clip.NumberedClip;
import io.millrace.playback.clip.TestServer;
import io.millrace.playback.reading.ReadingSettings;
import io.millrace.playback.source.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetImagesResponse;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.Image;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ImageError;

/** Limits of GetImages, at the limit and one beyond. */
final class ImageLimitsTest {
  private static Clip clip;

  @BeforeAll
  static void encode() {
    clip = Clip.of(NumberedClip.encode("libx264", 320, 180, 25, 50, "-g", "50"));
  }

  private static TestServer server(int perJob, int imageBytes, int pageBytes) throws Exception {
    PlaybackSettings all = TestServer.settings();
    TestServer server =
        new TestServer(
            new PlaybackSettings(
                all.getMedia(),
                all.hls(),
                new FrameSettings(Duration.ofMillis(50), perJob, imageBytes, pageBytes),
                all.decoders(),
                all.timeline(),
                ReadingSettings.defaults()));
    TestServer.append(server.create("cam"), clip.fragments(Nanos.of(server.now())));
    return server;
  }

  private static GetImagesResponse images(TestServer server, String token) {
    return server
        .archived()
        .getImages(
            r ->
                r.streamName("cam")
                    .imageSelectorType("PRODUCER_TIMESTAMP")
                    .startTimestamp(server.now())
                    .endTimestamp(server.now().plusMillis(1_000))
                    .samplingInterval(200)
                    .format("JPEG")
                    .nextToken(token));
  }

  @Test
  void oneJobTakesSoManyPictures() throws Exception {
    for (int perJob : new int[] {6, 5}) {
      try (TestServer server = server(perJob, 1 << 20, 1 << 20)) {
        assertThat(images(server, null).images()).hasSize(6);
        assertThat(server.playback.metrics().decoders().jobs.sum()).isEqualTo(perJob == 6 ? 1 : 2);
      }
    }
  }

  @Test
  void aPictureBeyondTheLimitIsAnErrorAndAFullPageEnds() throws Exception {
    int[] sizes;
    try (TestServer server = server(1, 1 << 20, 1 << 20)) {
      sizes =
          images(server, null).images().stream()
              .mapToInt(i -> java.util.Base64.getDecoder().decode(i.imageContent()).length)
              .toArray();
    }
    try (TestServer server = server(6, sizes[0], 1 << 20)) {
      assertThat(images(server, null).images().getFirst().imageContent()).isNotNull();
    }
    try (TestServer server = server(6, sizes[0] - 1, 1 << 20)) {
      assertThat(images(server, null).images().getFirst().error())
          .isEqualTo(ImageError.MEDIA_ERROR);
    }
    try (TestServer server = server(1, 1 << 20, sizes[0] + 1)) {
      List<Integer> pages = new ArrayList<>();
      List<Image> all = new ArrayList<>();
      String token = null;
      do {
        GetImagesResponse page = images(server, token);
        pages.add(page.images().size());
        all.addAll(page.images());
        token = page.nextToken();
      } while (token != null);
      assertThat(pages.getFirst()).isEqualTo(2);
      assertThat(all).hasSize(6);
    }
    try (TestServer server = server(1, 1 << 20, sizes[0])) {
      assertThat(images(server, null).images()).hasSize(1);
    }
  }
}
