package io.millrace.playback.clip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A clip of numbered pictures as a camera would code it.
 *
 * @param codecId Matroska CodecID
 * @param codecPrivate avcC, hvcC, av1C; empty for VP8 and VP9
 * @param units in file order
 */
public record NumberedClip(
    String codecId, byte[] codecPrivate, int width, int height, int fps, List<Unit> units) {
  private static final String VP8_ENCODER = "libvpx";
  private static final int IVF_FRAME_HEADER_BYTES = 12;

  /** One coded picture; {@code number} is its place in presentation order. */
  public record Unit(int number, long ptsNanos, boolean keyframe, byte[] data) {}

  /**
   * Encodes with libx264, libx265, libvpx, libvpx-vp9 or libaom-av1; {@code options} go before the
   * output.
   */
  public static NumberedClip encode(
      String encoder, int width, int height, int fps, int frames, String... options) {
    try {
      Path file = Files.createTempFile("numbered", encoder.equals(VP8_ENCODER) ? ".ivf" : ".mp4");
      try {
        List<String> arguments =
            new ArrayList<>(List.of("-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p"));
        arguments.addAll(List.of("-s", width + "x" + height, "-r", "" + fps, "-i", "-"));
        arguments.addAll(List.of("-c:v", encoder, "-pix_fmt", "yuv420p"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("-video_track_timescale", "" + fps * 1000, file.toString()));
        FfmpegTool.Result made =
            FfmpegTool.run(
                "ffmpeg",
                out -> {
                  for (int i = 0; i < frames; i++) {
                    out.write(NumberedPicture.yuv420(i, width, height));
                  }
                },
                arguments.toArray(String[]::new));
        if (made.status() != 0) {
          throw new AssertionError("ffmpeg: " + made.errors());
        }
        return read(file, encoder, width, height, fps);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static NumberedClip read(Path file, String encoder, int width, int height, int fps)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    FfmpegTool.Result probed =
        FfmpegTool.run(
            "ffprobe",
            out -> {},
            "-v",
            "error",
            "-show_entries",
            "packet=pts,size,pos,flags",
            "-of",
            "csv=p=0",
            file.toString());
    List<Unit> units = new ArrayList<>();
    boolean ivf = encoder.equals(VP8_ENCODER);
    for (String line : probed.text().strip().lines().toList()) {
      String[] fields = line.split(",");
      int number = (int) (Long.parseLong(fields[0]) / (ivf ? 1 : 1000));
      byte[] data = new byte[Integer.parseInt(fields[1])];
      bytes.get(Integer.parseInt(fields[2]) + (ivf ? IVF_FRAME_HEADER_BYTES : 0), data);
      long pts = Math.round(number * 1e9 / fps);
      units.add(new Unit(number, pts, fields[3].startsWith("K"), data));
    }
    return switch (encoder) {
      case "libx264" ->
          new NumberedClip("V_MPEG4/ISO/AVC", box(bytes, "avcC"), width, height, fps, units);
      case "libx265" ->
          new NumberedClip("V_MPEGH/ISO/HEVC", box(bytes, "hvcC"), width, height, fps, units);
      case VP8_ENCODER -> new NumberedClip("V_VP8", new byte[0], width, height, fps, units);
      case "libvpx-vp9" -> new NumberedClip("V_VP9", new byte[0], width, height, fps, units);
      case "libaom-av1" -> new NumberedClip("V_AV1", box(bytes, "av1C"), width, height, fps, units);
      default -> throw new IllegalArgumentException(encoder);
    };
  }

  private static byte[] box(ByteBuffer file, String type) {
    int wanted =
        ByteBuffer.wrap(type.getBytes(java.nio.charset.StandardCharsets.US_ASCII)).getInt();
    for (int i = 4; i < file.limit() - 4; i++) {
      if (file.getInt(i) == wanted) {
        byte[] content = new byte[file.getInt(i - 4) - 8];
        file.get(i + 4, content);
        return content;
      }
    }
    throw new AssertionError("no " + type + " in the file");
  }
}
